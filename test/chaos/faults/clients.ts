import type { Client } from '../load/cast.ts';
import { counted } from './fault.ts';
import type { Fault } from './fault.ts';

/** More than may be missed and still be recovered (`centrifugo.json`), and less. */
const MISSED = [320, 540] as const;
const POURED_PER_SECOND = 80;
const POURED_FOR_AT_MOST_MS = 30_000;

/** What happens to the connections of pages. */
export const clients: Fault[] = [
  {
    name: 'clients-cut',
    about: 'connections of pages reset, and refused for a while',
    lastsMs: [200, 3_000],
    strike: async ({ cast }, { lastsMs, random, hold }) => {
      const some = half(cast.clients, random.shuffled);
      await Promise.all(some.map(({ link }) => link.cut()));
      try {
        await hold(lastsMs);
      } finally {
        await Promise.all(some.map(({ link }) => link.mend()));
      }
      const lost = unsubscribed(some).length;
      return { struck: lost, words: `${counted(lost, 'page')} of ${cast.clients.length} cut off` };
    },
  },
  {
    name: 'clients-half-open',
    about: 'nothing gets through to pages and nobody is told; then the connections break',
    lastsMs: [3_000, 7_000],
    strike: async ({ cast }, { lastsMs, random, hold }) => {
      const some = half(cast.clients, random.shuffled);
      for (const { link } of some) link.freeze();
      const before = some.map(({ recorder }) => recorder.raw.length);
      let deaf = 0;
      try {
        await hold(lastsMs);
        const heardNothing = some.filter(({ recorder }, at) => recorder.raw.length === before[at]);
        deaf = heardNothing.length;
      } finally {
        await Promise.all(some.map(({ link }) => link.cut()));
        for (const { link } of some) link.thaw();
        await Promise.all(some.map(({ link }) => link.mend()));
      }
      return { struck: deaf, words: `${counted(deaf, 'page')} heard nothing meanwhile` };
    },
  },
  {
    name: 'client-offline',
    about: `a page away for some ${MISSED.join(' or ')} messages of a conversation that it looks at`,
    lastsMs: [6_000, 9_000],
    strike: async ({ cast, load }, { random, hold }) => {
      const lane = cast.lanes.find(({ kind }) => kind === 'busy')!;
      const [client, other] = random.shuffled(lane.clients);
      const enough = random.pick(MISSED);
      const missed = (): number =>
        other!.recorder.shown(lane.conversationId).length -
        client!.recorder.shown(lane.conversationId).length;
      await client!.link.cut();
      const dry = load.pour(lane, POURED_PER_SECOND);
      let away = 0;
      try {
        const until = performance.now() + POURED_FOR_AT_MOST_MS;
        while (missed() < enough && performance.now() < until) await hold(50);
        away = missed();
      } finally {
        dry();
        await client!.link.mend();
      }
      if (away < enough) throw new Error(`only ${away} messages came while the page was away`);
      return { struck: away, words: `${counted(away, 'message')} came while it was away` };
    },
  },
];

/** Pages of which a subscription is not there at the moment. */
export function unsubscribed(some: readonly Client[]): Client[] {
  return some.filter(({ recorder }) => !recorder.isReady());
}

function half<T>(all: readonly T[], shuffled: (list: readonly T[]) => T[]): T[] {
  return shuffled(all).slice(0, Math.ceil(all.length / 2));
}
