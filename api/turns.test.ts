import { expect, test } from 'vitest';

import { createTurns } from './turns.ts';

test('so many have their turn at once, and the others in the order in which they came', async () => {
  const turns = createTurns(2);
  const order: string[] = [];
  const [first, second] = await Promise.all([turns.take(1_000), turns.take(1_000)]);
  const third = turns.take(1_000).then((back) => order.push('third') && back);
  const fourth = turns.take(1_000).then((back) => order.push('fourth') && back);
  await Promise.resolve();
  expect(order).toEqual([]);
  first!();
  // Given back twice, it lets in one.
  first!();
  await third;
  expect(order).toEqual(['third']);
  second!();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('who waited too long leaves, and takes no turn from those behind', async () => {
  const turns = createTurns(1);
  const held = await turns.take(1_000);
  const impatient = turns.take(1);
  const patient = turns.take(1_000);
  expect(await impatient).toBeUndefined();
  held!();
  expect(await patient).toBeDefined();
});
