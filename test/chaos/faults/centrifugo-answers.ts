import { setTimeout as sleep } from 'node:timers/promises';

import type { Behaviour, Call, Fate } from '../front.ts';
import type { Random } from '../random.ts';
import { code100 } from './code-100.ts';
import { counted } from './fault.ts';
import type { Evidence, Fault, Field, Occasion } from './fault.ts';

/** What happens to answers on their way back to the worker. */
export const centrifugoAnswers: Fault[] = [
  {
    name: 'centrifugo-slow',
    about: 'each page takes between 0.2 and 1.5 s longer on its way there',
    lastsMs: [2_000, 6_000],
    strike: spoiling('slowed down', (random) => async (call) => {
      await sleep(random.between(200, 1_500));
      return call.forward();
    }),
  },
  {
    name: 'centrifugo-5xx',
    about: '500, 502 and 503 without having done anything, and 504 after it was done',
    lastsMs: [1_000, 4_000],
    strike: spoiling('answered 5xx', (random) => async (call) => {
      const status = random.pick([500, 502, 503, 504]);
      if (status === 504) await call.forward();
      return { status, body: 'an error of a proxy in between' };
    }),
  },
  {
    name: 'centrifugo-drops-reply',
    about: 'does what it is asked, and breaks the connection instead of answering',
    lastsMs: [1_000, 4_000],
    strike: spoiling('done and not answered', () => async (call) => {
      await call.forward();
      return 'cut';
    }),
  },
  {
    name: 'centrifugo-half-open',
    about: 'takes requests and is silent; half of them are done',
    lastsMs: [3_000, 6_000],
    strike: spoiling('left in silence', (random) => async (call) => {
      if (random.next() < 0.5) await call.forward();
      return 'silence';
    }),
  },
  {
    name: 'centrifugo-code-100',
    about: 'one command in the middle of every other page answered 100 and not done',
    lastsMs: [2_000, 4_000],
    strike: (field, occasion) =>
      spoiling('answered 100, not done', (random) => code100({ random, ...field.excuses }))(
        field,
        occasion,
      ),
  },
  {
    name: 'centrifugo-code-100-done',
    about: 'one command in the middle of every other page answered 100 although it was done',
    lastsMs: [2_000, 4_000],
    strike: spoiling('answered 100, done', (random) => code100({ random })),
  },
];

const LONGER_AT_MOST_MS = 10_000;

type Spoiler = (call: Call) => Promise<Fate | null>;

/** Every page of every worker meets this; one that it leaves alone, by `null`, passes. */
function spoiling(
  what: string,
  spoilerOf: (random: Random) => Spoiler,
): (field: Field, occasion: Occasion) => Promise<Evidence> {
  return async ({ links }, { lastsMs, random, hold }) => {
    const spoil = spoilerOf(random);
    const spoiled: Fate[] = [];
    const behaviour: Behaviour = async (call) => {
      const fate = await spoil(call);
      if (fate === null) return call.forward();
      spoiled.push(fate);
      return fate;
    };
    for (const { front } of links) front.behave(behaviour);
    try {
      await hold(lastsMs);
      // On a busy machine pages are few.
      for (let longer = 0; spoiled.length === 0 && longer < LONGER_AT_MOST_MS; longer += 100)
        await hold(100);
    } finally {
      for (const { front } of links) front.behave(null);
    }
    const struck = spoiled.length;
    return { struck, words: `${counted(struck, 'page')} ${what}` };
  };
}
