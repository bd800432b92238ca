import { setTimeout as sleep } from 'node:timers/promises';

import type postgres from 'postgres';
import { expect, it } from 'vitest';

import { openSql } from '../../../core/db/open-sql.ts';
import { audit, isSound } from '../../../core/ops/audit.ts';
import type { AuditReport } from '../../../core/ops/audit.ts';
import { resync } from '../../../core/ops/resync.ts';
import { stackForTest } from '../../harness/in-file.ts';
import type { Stack } from '../../harness/stack.ts';
import { makeLanes, overRest, startLoad } from '../../reliability/load.ts';
import type { Lane } from '../../reliability/load.ts';

/** For so long, and so often at least. */
const AUDITING_MS = 6_000;
const FEWEST_AUDITS = 5;
const pace = { conversations: 10, receiversEach: 1, sendsPerSecond: 100 };
const deed = { operator: 'olga', reason: 'a test' };

/**
 * People come and go, conversations are told to read again, and of what was said something is edited, reacted to and
 * deleted, for as long as it is wanted.
 */
async function comeAndGo(stack: Stack, lanes: Lane[], wanted: AbortSignal): Promise<number> {
  const [guest] = await stack.people.persons('Guest');
  let rounds = 0;
  while (!wanted.aborted) {
    const { sender, conversationId } = lanes[rounds % lanes.length]!;
    await sender.rest.addMembers(conversationId, [guest!.id]);
    const target = { conversationId };
    await resync(stack.database.sql, { target, deed, ring: () => undefined });
    await sender.rest.removeMember(conversationId, guest!.id);
    const { items } = await sender.rest.messages(conversationId, { limit: 10 });
    const said = items.findLast(({ type, deletedAt }) => type === 'text' && deletedAt === null);
    if (said) {
      await sender.rest.react(said, '👍');
      const edited = await sender.rest.edit(said, `${said.content}, really`);
      if (rounds % 3 === 0) await sender.rest.deleteMessage(edited.body);
    }
    rounds += 1;
    await sleep(20);
  }
  return rounds;
}

/** What everybody would write first: how many of the numbers given so far are nowhere, asked table by table. */
async function countNaively(sql: postgres.Sql, ids: string[]): Promise<number> {
  const conversations = await sql`SELECT id, ev FROM conversations WHERE id IN ${sql(ids)}`;
  const given = conversations.flatMap(({ id, ev }) =>
    Array.from({ length: Number(ev) }, (_, n) => `${id} ${n + 1}`),
  );
  const delivered = await sql`
    SELECT conversation_id AS id, ev FROM deliveries WHERE conversation_id IN ${sql(ids)}`;
  const waiting = await sql`
    SELECT conversation_id AS id, ev FROM outbox WHERE conversation_id IN ${sql(ids)}`;
  const known = new Set([...delivered, ...waiting].map(({ id, ev }) => `${id} ${ev}`));
  return given.filter((number) => !known.has(number)).length;
}

it('an audit calls nothing lost, duplicated or mixed up while two workers deliver what 100 sends a second write', async () => {
  const stack = await stackForTest({ workers: 2 });
  const lanes = await makeLanes(stack, pace);
  const database = openSql({
    url: stack.database.url,
    applicationName: 'audit',
    maxConnections: 2,
  });
  const over = new AbortController();
  const load = startLoad({ ...pace, send: overRest, lanes });
  const churn = comeAndGo(stack, lanes, over.signal);

  const since = new Date(Date.now() - 3_600_000);
  const reports: AuditReport[] = [];
  const began = performance.now();
  while (reports.length < FEWEST_AUDITS || performance.now() - began < AUDITING_MS) {
    reports.push(await audit(database.sql, { since }));
    await sleep(50);
  }
  const tookMs = Math.round(performance.now() - began);
  // The control: rows were on their way from one table to the next all the time.
  let falseAlarms = 0;
  const ids = lanes.map(({ conversationId }) => conversationId);
  for (let n = 0; n < 200 && falseAlarms === 0; n += 1)
    falseAlarms += await countNaively(stack.database.sql, ids);
  over.abort();
  const sent = await load.stop();
  const rounds = await churn;
  expect(rounds).toBeGreaterThan(0);

  const unsound = reports.filter((report) => !isSound(report));
  expect(unsound).toEqual([]);
  const waited = reports.filter(({ waiting }) => waiting.count > 0).length;
  const last = await audit(database.sql, { since });
  console.log(
    `${reports.length} audits in ${tookMs} ms beside ${sent.length} sends: ${reports[0]!.events} to ${last.events} events judged; ` +
      `something waited in ${waited} of them; false alarms of counting table by table: ${falseAlarms}`,
  );
  expect(isSound(last)).toBe(true);
  // Each coming and each going is a message, too.
  const said = sent.filter(({ status }) => status !== 0).length + 2 * rounds;
  expect(last.messages).toBe(said);
  expect(waited).toBeGreaterThan(0);
  expect(falseAlarms).toBeGreaterThan(0);
  await database.close();
}, 120_000);
