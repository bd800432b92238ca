import { expect, test } from 'vitest';

import { createOutageGate } from './outage-gate.ts';

const fault = (code: string) => Object.assign(new Error('fault'), { code });
const refused = { code: 'database_unavailable', name: 'Refusal' };

test('while nothing is wrong, everything passes, also what fails', async () => {
  const gate = createOutageGate();
  expect(await gate.pass(async () => 7)).toBe(7);
  await expect(gate.pass(() => Promise.reject(fault('55P03')))).rejects.toMatchObject({
    code: '55P03',
  });
  await expect(gate.pass(() => Promise.reject(fault('57014')))).rejects.toMatchObject({
    code: '57014',
  });
  expect(await gate.pass(async () => 8)).toBe(8);
});

test('during an outage one at a time looks whether it is over, and the others are refused unasked', async () => {
  const gate = createOutageGate();
  await expect(gate.pass(() => Promise.reject(fault('ECONNREFUSED')))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  const probe = Promise.withResolvers<string>();
  const probing = gate.pass(() => probe.promise);
  let ran = false;
  const others = () =>
    gate.pass(async () => {
      ran = true;
    });
  await expect(others()).rejects.toMatchObject(refused);
  probe.reject(fault('ECONNREFUSED'));
  await expect(probing).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(ran).toBe(false);

  expect(await gate.pass(async () => 'back')).toBe('back');
  await others();
  expect(ran).toBe(true);
});

test('an error that Postgres itself answers ends the outage', async () => {
  const gate = createOutageGate();
  await gate.pass(() => Promise.reject(fault('ECONNREFUSED'))).catch(() => undefined);
  await gate.pass(() => Promise.reject(fault('55P03'))).catch(() => undefined);
  const slow = gate.pass(() => new Promise((resolve) => setTimeout(resolve, 5)));
  expect(await gate.pass(async () => 'beside it')).toBe('beside it');
  await slow;
});
