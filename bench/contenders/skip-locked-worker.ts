import { createCentrifugeServerClient } from '@rov/realtime/server';
import postgres from 'postgres';

import { run } from '../../core/lifecycle.ts';
import { createLog } from '../../core/log.ts';
import { readConfig } from '../../worker/config.ts';
import { startLoop } from '../../worker/loop.ts';
import { sendOrThrow } from './send-or-throw.ts';
import { serveReady } from './serve-ready.ts';
import { commandsOf } from './told.ts';
import type { Told } from './told.ts';

const POLLERS = 4;
/** As many as a page of the product has. */
const ROWS = 400;
const POLL_EVERY_MS = 50;

await run(async () => {
  const config = readConfig();
  const sql = postgres(config.DATABASE_URL, { max: POLLERS, onnotice: () => undefined });
  const centrifugo = createCentrifugeServerClient({
    url: config.CENTRIFUGO_URL,
    apiKey: config.CENTRIFUGO_API_KEY,
  });
  const log = createLog({ door: 'skip-locked', level: config.LOG_LEVEL });
  const pollers = Array.from({ length: POLLERS }, (_, n) =>
    startLoop({
      name: `poller ${n}`,
      everyMs: POLL_EVERY_MS,
      log,
      onFailure: () => undefined,
      round: async () => {
        // Only when less than a page was there does it wait for the next round.
        while ((await deliverSome()) === ROWS) continue;
      },
    }),
  );
  return {
    log,
    stops: [
      await serveReady(config),
      { name: 'pollers', stop: () => Promise.all(pollers.map((poller) => poller.stop())) },
      { name: 'connections', stop: () => Promise.all([centrifugo.close(), sql.end()]) },
    ],
  };

  /** How many rows were there. They stay locked until they are acknowledged and deleted. */
  function deliverSome(): Promise<number> {
    return sql.begin(async (sql) => {
      const rows = await sql<(Told & { id: string })[]>`
        WITH mine AS (
          SELECT * FROM outbox ORDER BY id LIMIT ${ROWS} FOR UPDATE SKIP LOCKED
        )
        SELECT id, event_id AS "eventId", conversation_id AS "conversationId", payload AS event,
          audience_payload AS notice, to_json(ARRAY(
            SELECT user_id FROM members m
            WHERE m.conversation_id = mine.conversation_id AND mine.audience = 'members')) AS audience
        FROM mine ORDER BY mine.id`;
      if (rows.length === 0) return 0;
      await sendOrThrow(centrifugo, rows.flatMap(commandsOf));
      await sql`DELETE FROM outbox WHERE id = ANY (${rows.map(({ id }) => id)})`;
      return rows.length;
    });
  }
});
