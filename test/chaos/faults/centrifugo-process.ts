import { unsubscribed } from './clients.ts';
import { counted } from './fault.ts';
import type { Fault, Field } from './fault.ts';

/** What happens to the processes of Centrifugo. */
export const centrifugoProcess: Fault[] = [
  {
    name: 'centrifugo-killed',
    about: 'SIGKILL, and a restart after seconds; of two nodes on one Redis only one',
    lastsMs: [1_000, 4_000],
    strike: async (field, { lastsMs, random, hold }) => {
      const node = random.pick(field.nodes);
      const lost = await withoutNode(field, field.nodes.indexOf(node), () => hold(lastsMs));
      return {
        struck: lost,
        words: `1 of ${counted(field.nodes.length, 'node')} killed, ${counted(lost, 'page')} cut off`,
      };
    },
  },
  {
    name: 'centrifugo-stopped',
    about: 'SIGSTOP: connections stay open and nothing is answered, then it goes on',
    lastsMs: [2_000, 6_000],
    strike: async ({ nodes, links }, { lastsMs, random, hold }) => {
      const from = performance.now();
      const node = random.pick(nodes);
      await node.pause();
      try {
        await hold(lastsMs);
      } finally {
        await node.resume();
      }
      await hold(300);
      const slow = links
        .flatMap(({ front }) => front.met)
        .filter(({ at, tookMs }) => at + tookMs > from && tookMs > 1_000).length;
      return { struck: slow, words: `${counted(slow, 'call')} kept waiting for over a second` };
    },
  },
];

/** Kills a node, does the work, starts it again. Gives how many pages had lost a subscription meanwhile. */
export async function withoutNode(
  { nodes, links, engine, cast, excuses }: Field,
  which: number,
  work: () => Promise<void>,
): Promise<number> {
  const node = nodes[which]!;
  const from = performance.now();
  let lost = 0;
  await node.kill();
  // With the last node its address is dead: the workers are refused, as they would be without a front.
  const alone = nodes.length === 1;
  if (alone) await Promise.all(links.map(({ front }) => front.goDown()));
  try {
    await work();
  } finally {
    lost = unsubscribed(cast.clients).length;
    await node.restart();
    if (alone) await Promise.all(links.map(({ front }) => front.comeUp()));
    if (engine === 'memory') excuses.engineLost.push({ from, to: performance.now() });
  }
  return lost;
}
