import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { attemptsOf, createCircuit } from './circuit.ts';

const FIRST_MS = 50;
const LONGEST_MS = 2_000;

const ending = fc.constantFrom('succeeded' as const, 'failed' as const, 'unused' as const);
const event = fc.oneof(
  fc.record({ does: fc.constant('enters' as const) }),
  fc.record({ does: fc.constant('ends' as const), how: ending }),
  fc.record({ does: fc.constant('waits' as const), ms: fc.nat({ max: 1_500 }) }),
);
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Between the failure that closed the door and the next probe lie at least half of this and at most all of it. */
const waitAfter = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));

test('whatever comes in whichever order, an open circuit waits within its bounds and lets one probe at a time through', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60, size: 'max' }), fraction, (events, random) => {
      let now = 0;
      const circuit = createCircuit({
        firstMs: FIRST_MS,
        longestMs: LONGEST_MS,
        now: () => now,
        random: () => random,
      });
      /** What an observer knows: attempts under way, failures in a row, and when the last one was. */
      let [underWay, failures, failedAt, probing] = [0, 0, 0, false];
      const wrong: string[] = [];
      for (const each of events) {
        if (each.does === 'waits') now += each.ms;
        else if (each.does === 'enters') {
          const waited = now - failedAt;
          const isTooEarly = failures > 0 && (probing || waited < waitAfter(failures) / 2);
          const isTime = failures === 0 || (!probing && waited >= waitAfter(failures));
          const mayEnter = circuit.enter();
          if (mayEnter ? isTooEarly : isTime) wrong.push(`${now}: ${mayEnter}`);
          if (mayEnter) underWay += 1;
          if (failures > 0 && mayEnter) probing = true;
        } else if (underWay > 0) {
          underWay -= 1;
          circuit[each.how](each.how);
          if (each.how === 'succeeded') failures = 0;
          // Those that were under way together count as one failure.
          if (each.how === 'failed' && (failures === 0 || probing)) {
            failures += 1;
            failedAt = now;
          }
          probing = false;
        }
        expect(circuit.state).toBe(failures === 0 ? 'closed' : 'open');
        expect(circuit.reason).toBe(failures === 0 ? undefined : 'failed');
      }
      expect(wrong).toEqual([]);
    }),
  );
});

test('an outage costs a process at most one probe in half of the longest wait, once the waits are that long', () => {
  fc.assert(
    fc.property(fc.array(fraction, { minLength: 1, maxLength: 20 }), (draws) => {
      let [now, drawn] = [0, 0];
      const random = () => draws[(drawn += 1) % draws.length]!;
      const circuit = createCircuit({
        firstMs: FIRST_MS,
        longestMs: LONGEST_MS,
        now: () => now,
        random,
      });
      circuit.enter();
      circuit.failed('refused');
      const probes: number[] = [];
      for (; now < 60_000; now += 20) {
        if (!circuit.enter()) continue;
        probes.push(now);
        circuit.failed('refused');
      }
      const late = probes.filter((at) => at > 4_000);
      expect(late.length).toBeLessThanOrEqual(56_000 / (LONGEST_MS / 2) + 1);
      expect(late.length).toBeGreaterThanOrEqual(56_000 / (LONGEST_MS + 20) - 1);
    }),
    { numRuns: 30 },
  );
});

test('drains that begin and end as they like leave no probe behind that nobody answers', () => {
  const step = fc.record({
    drain: fc.nat({ max: 2 }),
    does: fc.constantFrom(
      'enter' as const,
      'succeeded' as const,
      'failed' as const,
      'end' as const,
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      // A wait is over whenever somebody asks.
      let now = 0;
      const circuit = createCircuit({ now: () => (now += LONGEST_MS) });
      const drains = [0, 1, 2].map(() => attemptsOf(circuit));
      const open = new Set<number>();
      for (const { drain, does } of steps) {
        if (does === 'enter') {
          if (drains[drain]!.enter()) open.add(drain);
        } else if (does === 'end' || open.has(drain)) {
          drains[drain]![does]('refused');
          open.delete(drain);
        }
      }
      for (const drain of drains) drain.end();
      expect(circuit.enter()).toBe(true);
    }),
  );
});
