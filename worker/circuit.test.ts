import { describe, expect, it } from 'vitest';

import { createCircuit } from './circuit.ts';

function circuitAt(random = 1) {
  const clock = { ms: 0 };
  return { clock, circuit: createCircuit({ now: () => clock.ms, random: () => random }) };
}

describe('the circuit', () => {
  it('lets everybody through while nothing failed', () => {
    const { circuit } = circuitAt();
    expect([circuit.enter(), circuit.enter()]).toEqual([true, true]);
  });

  it('lets one probe through when the wait is over, and the others when it succeeded', () => {
    const { circuit, clock } = circuitAt();
    circuit.enter();
    circuit.failed('refused');
    expect(circuit.enter()).toBe(false);
    clock.ms = 50;
    expect([circuit.enter(), circuit.enter()]).toEqual([true, false]);
    circuit.succeeded();
    expect([circuit.enter(), circuit.enter()]).toEqual([true, true]);
  });

  it('counts attempts that failed together as one failure', () => {
    const { circuit, clock } = circuitAt();
    for (let n = 0; n < 4; n += 1) circuit.enter();
    for (let n = 0; n < 4; n += 1) circuit.failed('refused');
    clock.ms = 50;
    expect(circuit.enter()).toBe(true);
  });

  it('lets another probe through when one had nothing to send', () => {
    const { circuit, clock } = circuitAt();
    circuit.enter();
    circuit.failed('refused');
    clock.ms = 50;
    circuit.enter();
    circuit.unused();
    expect(circuit.enter()).toBe(true);
  });

  it('probes at most about once a second in a long outage, and says why', () => {
    const { circuit, clock } = circuitAt(0);
    circuit.enter();
    circuit.failed('refused');
    let probes = 0;
    for (; clock.ms < 60_000; clock.ms += 10) {
      if (!circuit.enter()) continue;
      probes += 1;
      circuit.failed('still refused');
    }
    expect(probes).toBeLessThanOrEqual(66);
    expect(circuit.reason).toBe('still refused');
  });
});
