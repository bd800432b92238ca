import { CentrifugoTransportError, type Command, type CommandOutcome } from '@rov/realtime/server';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { OutboxRow } from '../core/outbox/read-page.ts';
import { publishPage } from './publish.ts';
import { sendPage } from './send-page.ts';
import { createSuspicion } from './suspicion.ts';

const CONVERSATIONS = ['a', 'b', 'c'];

const outbox = fc
  .array(
    fc.record({
      conversationId: fc.constantFrom(...CONVERSATIONS),
      isBad: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { minLength: 1, maxLength: 300, size: 'max' },
  )
  .map((rows) =>
    rows.map(({ conversationId, isBad }, index): OutboxRow & { isBad: boolean } => ({
      isBad,
      id: index + 1,
      kind: 'event',
      conversationId,
      ev: index + 1,
      subject: null,
      eventId: `event-${index + 1}`,
      epoch: 'e',
      payload: JSON.stringify({ isBad }),
      audiencePayload: null,
      audience: null,
      createdAt: new Date(0),
    })),
  );
const pageSize = fc.integer({ min: 1, max: 400 });

/** Breaks every request with something bad in it, as its code says, and runs nothing of that. */
function breaking(code: 'ambiguous' | 'bad_request') {
  const ran: number[] = [];
  let requests = 0;
  const isBad = (command: Command): boolean =>
    command.method === 'publish' && JSON.stringify(command.data).includes('true');
  const batch = async (commands: readonly Command[]): Promise<CommandOutcome[]> => {
    requests += 1;
    if (commands.some((command) => isBad(command))) {
      throw new CentrifugoTransportError('no', { code, sent: true });
    }
    return commands.map((command): CommandOutcome => {
      if (command.method !== 'publish') {
        return { ok: true, method: 'history', result: { publications: [], offset: 0, epoch: 'e' } };
      }
      const { version } = command;
      if (version !== undefined) ran.push(version);
      return { ok: true, method: 'publish', result: { offset: version, epoch: 'e' } };
    });
  };
  return { centrifugo: { batch: batch as never }, ran, requests: () => requests };
}

/** How often something of `rows` can be halved until one row is left. */
const halvings = (rows: number): number => Math.ceil(Math.log2(rows));

// Between two tries of a request no time passes here, and Postgres always answers.
beforeEach(() => {
  vi.stubGlobal('setTimeout', (over: () => void, ms: number) => {
    if (ms < 1_000) queueMicrotask(over);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('of a page that breaks its request exactly the bad rows are buried, and the rest is delivered in order', async () => {
  await fc.assert(
    fc.asyncProperty(outbox, pageSize, fc.boolean(), async (rows, size, again) => {
      const { centrifugo, ran, requests } = breaking('ambiguous');
      const suspicion = createSuspicion(centrifugo);
      const bounds = { rows: size, bytes: Infinity, listeners: Infinity };
      const parts = { centrifugo, again, suspicion, bounds };
      const sql = (async () => []) as never;
      const dead: number[] = [];
      let pages = 0;
      for (let left: OutboxRow[] = rows; left.length > 0; pages += 1) {
        const page = left.slice(0, suspicion.narrow(0, bounds).rows);
        const { settled, held } = await sendPage(parts, {
          sql,
          shard: 0,
          page: { rows: page, full: false, seen: null },
        });
        expect(held).toBeUndefined();
        dead.push(...settled.flatMap(({ id, reason }) => (reason === undefined ? [] : [id])));
        const gone = new Set(settled.map(({ id }) => id));
        left = left.filter(({ id }) => !gone.has(id));
      }
      const bad = rows.filter(({ isBad }) => isBad);
      expect(dead).toEqual(bad.map(({ id }) => id));
      expect(ran).toEqual(rows.filter(({ isBad }) => !isBad).map(({ id }) => id));

      // For each bad row: every halving on the way to it, and again, twice at most, after each part that got through and
      // doubled the page; as many parts, and doublings behind it; and alone, five times. A try, its repeat and the probe.
      const tries = again ? 3 : 2;
      const atMost = bad.length * (halvings(size) * (3 * tries + 2) + 5 * tries);
      expect(requests()).toBeLessThanOrEqual(Math.ceil(rows.length / size) + atMost);
    }),
  );
});

test('of a page that Centrifugo refuses to read exactly the bad rows are named, after few requests for each', async () => {
  await fc.assert(
    fc.asyncProperty(outbox, async (rows) => {
      const { centrifugo, ran, requests } = breaking('bad_request');
      const answers = await publishPage(
        { centrifugo, again: true, onDoubt: () => undefined, onProgress: async () => undefined },
        rows,
      );
      expect(answers.map(({ row }) => row.id)).toEqual(rows.map(({ id }) => id));
      const bad = rows.filter(({ isBad }) => isBad);
      expect(
        answers.filter(({ refused }) => refused !== undefined).map(({ row }) => row.id),
      ).toEqual(bad.map(({ id }) => id));
      expect(ran).toEqual(rows.filter(({ isBad }) => !isBad).map(({ id }) => id));
      expect(requests()).toBeLessThanOrEqual(1 + bad.length * 2 * halvings(rows.length));
    }),
  );
});
