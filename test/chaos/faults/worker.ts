import { until } from '../../harness/until.ts';
import type { Link } from '../ground.ts';
import { catchPage } from './catch-page.ts';
import { counted } from './fault.ts';
import type { Evidence, Fault, Field } from './fault.ts';

/** What happens to the process that delivers. */
export const worker: Fault[] = [
  {
    name: 'worker-killed-after-claim',
    about: 'SIGKILL when it has read a page and before Centrifugo has it',
    lastsMs: [300, 3_000],
    strike: async (field, { lastsMs, hold }) => {
      const { link, call, release } = await catchPage(field);
      await link.worker!.kill();
      release('cut');
      await restartAfter(link, () => hold(lastsMs));
      return once(`killed with ${counted(call.commands.length, 'command')} to send`);
    },
  },
  {
    name: 'worker-killed-after-acknowledgement',
    about: 'SIGKILL when Centrifugo has done a page and its answer is on the way',
    lastsMs: [300, 3_000],
    strike: async (field, { lastsMs, hold }) => {
      const { link, call, release } = await catchPage(field);
      const answer = await call.forward();
      await link.worker!.kill();
      release('cut');
      await restartAfter(link, () => hold(lastsMs));
      const said = typeof answer === 'string' ? answer : `answered ${answer.status}`;
      return once(`killed after ${counted(call.commands.length, 'command')} had been ${said}`);
    },
  },
  {
    name: 'worker-killed-in-settle',
    about: 'SIGKILL while it writes down what was acknowledged',
    lastsMs: [300, 3_000],
    strike: async (field, { lastsMs, hold }) => {
      const link = await killInSettle(field);
      await restartAfter(link, () => hold(lastsMs));
      return once('killed while it waited for the table of deliveries');
    },
  },
  {
    name: 'worker-stopped',
    about: 'SIGSTOP with a page under way, for longer than its lock holds; then it goes on',
    lastsMs: [5_000, 8_000],
    strike: async (field, { lastsMs, random, hold }) => {
      const { link, call, release } = await catchPage(field);
      link.worker!.signal('SIGSTOP');
      const late = random.next() < 0.5;
      let fate = late ? null : await call.forward();
      try {
        await hold(lastsMs);
      } finally {
        // As if it had been stopped a moment before it sent: others have delivered its page meanwhile.
        fate ??= await call.forward();
        link.worker!.signal('SIGCONT');
        release(fate);
      }
      const when = late ? 'after it' : 'before it';
      return once(
        `stopped for ${(lastsMs / 1_000).toFixed(1)} s with ${counted(call.commands.length, 'command')} that Centrifugo got ${when}`,
      );
    },
  },
];

const once = (words: string): Evidence => ({ struck: 1, words });

async function restartAfter({ worker: door }: Link, wait: () => Promise<void>): Promise<void> {
  try {
    await wait();
  } finally {
    await door!.restart();
  }
}

/** A settle writes `deliveries`: one is kept from that, seen to wait, and its worker killed. */
async function killInSettle({ stack: { database }, links }: Field): Promise<Link> {
  const { sql } = database;
  const link = await sql.begin(async (tx): Promise<Link> => {
    await tx`LOCK TABLE deliveries IN SHARE MODE`;
    let waiting: Link | undefined;
    const look = async (): Promise<boolean> => {
      const ports = await sql`
        SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND relation = 'deliveries'::regclass`;
      waiting = ports
        .map((row) => links.find(({ postgres }) => postgres.ports().includes(row['client_port'])))
        .find((found) => found !== undefined);
      return waiting !== undefined;
    };
    await until(look, { timeoutMs: 5_000, what: 'a settle to wait for its table' });
    await waiting!.worker!.kill();
    return waiting!;
  });
  return link;
}
