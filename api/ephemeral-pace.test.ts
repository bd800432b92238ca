import { describe, expect, test } from 'vitest';

import { createEphemeralPace } from './ephemeral-pace.ts';

const LIFE_MS = 7_000;

function somebody({ capacity = 100 } = {}) {
  let nowMs = 0;
  const pace = createEphemeralPace({ everyMs: 2_000, capacity, now: () => nowMs });
  return {
    wait: (ms: number) => {
      nowMs += ms;
    },
    says: (state: 'start' | 'stop', subject = 'ann') =>
      pace.take({ subject, state, lifeMs: LIFE_MS }),
  };
}

const told = (believedMs: number) => ({ isNews: true, believedMs });
const swallowed = (believedMs: number) => ({ isNews: false, believedMs });

describe('what one person does in one conversation', () => {
  test('is told when it starts, and again after two seconds, not sooner', () => {
    const ann = somebody();
    expect(ann.says('start')).toEqual(told(7_000));
    ann.wait(1_999);
    expect(ann.says('start')).toEqual(swallowed(5_001));
    ann.wait(1);
    expect(ann.says('start')).toEqual(told(7_000));
  });

  test('is told at once when it ends, and once', () => {
    const ann = somebody();
    ann.says('start');
    expect(ann.says('stop')).toEqual(told(0));
    expect(ann.says('stop')).toEqual(swallowed(0));
  });

  test('is told when it ends although nobody here knows of its start: another process may', () => {
    expect(somebody().says('stop')).toEqual(told(0));
  });

  test('is believed by nobody when it starts again too soon after its end, and the answer says so', () => {
    const ann = somebody();
    ann.says('start');
    ann.wait(500);
    ann.says('stop');
    expect(ann.says('start')).toEqual(swallowed(0));
    ann.wait(1_500);
    expect(ann.says('start')).toEqual(told(7_000));
  });

  test('makes others hear two things in two seconds at most, whatever is said', () => {
    const ann = somebody();
    let heard = 0;
    for (let said = 0; said < 400; said += 1) {
      if (ann.says(said % 2 === 0 ? 'start' : 'stop').isNews) heard += 1;
      ann.wait(50);
    }
    expect(heard).toBe(20);
  });

  test('silences nobody else', () => {
    const people = somebody();
    people.says('start', 'ann');
    expect(people.says('start', 'ben')).toEqual(told(7_000));
  });
});

test('no more are remembered than is said, and who was not heard of longest is forgotten', () => {
  const people = somebody({ capacity: 2 });
  for (const name of ['ann', 'ben', 'cleo']) people.says('start', name);
  expect(people.says('start', 'cleo').isNews).toBe(false);
  expect(people.says('start', 'ben').isNews).toBe(false);
  expect(people.says('start', 'ann').isNews).toBe(true);
});
