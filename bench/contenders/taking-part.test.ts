import { expect, it } from 'vitest';

import { takingPart } from './taking-part.ts';

const names = (options: Partial<Parameters<typeof takingPart>[0]>) =>
  takingPart({
    ...{ scenario: 'pipeline', everybody: true, isRealCentrifugo: true, run: 0, ...options },
  }).map(({ name }) => name);

it('leaves the consumer out where there is no real Centrifugo to have one', () => {
  expect(names({})).toContain('Centrifugo consumer');
  expect(names({ isRealCentrifugo: false })).not.toContain('Centrifugo consumer');
});

it('needs nobody but those that budgets name when it has to be quick', () => {
  const quick = { everybody: false };
  expect(names(quick)).toEqual(['rov', 'Centrifugo consumer']);
  expect(names({ ...quick, scenario: 'catch-up' })).toContain('dual write');
  expect(names({ ...quick, scenario: 'fan-out' })).toEqual(['rov']);
});

it('begins each run with another one, and has everybody in each', () => {
  const runs = [0, 1, 2, 3, 4].map((run) => names({ run }));
  expect(new Set(runs.map(([first]) => first)).size).toBe(5);
  for (const run of runs) expect(run.toSorted()).toEqual(runs[0]!.toSorted());
});
