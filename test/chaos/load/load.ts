import type { SendOne } from '../../reliability/load.ts';
import { seeded } from '../random.ts';
import type { Cast, Lane } from './cast.ts';
import type { Ledger } from './ledger.ts';
import { createVerbs } from './verbs.ts';

export type Load = {
  /** More into one conversation, until the returned function is called. */
  pour: (lane: Lane, perSecond: number) => () => void;
  apiOf: (clientId: string) => number | undefined;
  /** Begins nothing more. */
  quit: () => void;
  /** The same, and resolves once everything is answered or given up. */
  stop: () => Promise<void>;
};

/** More than this at once say nothing new, and would keep a slow machine busy with its own queue. */
const MOST_UNDER_WAY = 400;

/** Of a hundred sends, how many go where. */
const SHARE = { busy: 38, steady: 58, quiet: 2, club: 2 };

/** Beside the sends, how many of each a second. */
const PER_SECOND = {
  openDirect: 1.5,
  createGroup: 0.7,
  changeMembers: 2,
  edit: 3,
  deleteMessage: 0.7,
  react: 5,
  changeRole: 0.7,
  rename: 0.7,
  markRead: 3,
  markUnread: 1,
  reportDelivered: 3,
  beat: 1.5,
  endSession: 0.2,
  chooseStatus: 0.3,
  signOut: 0.3,
} as const;

/** An open loop: a slow answer does not slow down the next request, as with real people. */
export function startLoad(options: {
  cast: Cast;
  ledger: Ledger;
  seed: number;
  sendsPerSecond: number;
  /** Another way to send; then nothing but sends into lanes is asked for. */
  send?: SendOne | undefined;
}): Load {
  const { cast, seed, sendsPerSecond, send } = options;
  const random = seeded(seed);
  const verbs = createVerbs({ ...options, random });
  const lanes = Map.groupBy(cast.lanes, ({ kind }) => kind);
  const unused: Lane[] = [];
  const laneOf = (kind: Lane['kind']): Lane => {
    if (kind !== 'quiet') return random.pick(lanes.get(kind)!);
    if (unused.length === 0) unused.push(...random.shuffled(lanes.get(kind)!));
    return unused.pop()!;
  };
  const waiting = new Set<Promise<void>>();
  const stops: (() => void)[] = [];

  const begin = (deed: () => Promise<void>): void => {
    // What finds no place is not made up for: the pace stays what it is.
    if (waiting.size >= MOST_UNDER_WAY) return;
    const doing = deed().finally(() => waiting.delete(doing));
    waiting.add(doing);
  };
  const keepUp = (perSecond: number, deed: () => Promise<void>): (() => void) => {
    const began = performance.now();
    let begun = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
      for (; begun < due; begun += 1) begin(deed);
    }, 10);
    const stop = (): void => clearInterval(timer);
    stops.push(stop);
    return stop;
  };

  const sendSomewhere = (): Promise<void> => {
    const place = random.between(1, 100);
    if (place <= SHARE.club && !send) return verbs.sendInClub();
    const kind =
      place <= SHARE.club + SHARE.quiet
        ? 'quiet'
        : place <= SHARE.club + SHARE.quiet + SHARE.busy
          ? 'busy'
          : 'steady';
    return verbs.send(laneOf(kind));
  };
  keepUp(sendsPerSecond, sendSomewhere);
  if (!send) {
    for (const [verb, perSecond] of Object.entries(PER_SECOND)) {
      keepUp(perSecond, verbs[verb as keyof typeof PER_SECOND]);
    }
  }
  const quit = (): void => {
    for (const stop of stops) stop();
  };
  return {
    pour: (lane, perSecond) => keepUp(perSecond, () => verbs.send(lane)),
    apiOf: verbs.apiOf,
    quit,
    stop: async () => {
      quit();
      while (waiting.size > 0) await Promise.all(waiting);
    },
  };
}
