import { chatChannel, conversationChannel } from '@rov/realtime';

import { SHARDS } from '../../core/outbox/shards.ts';
import { insertAtOnce } from '../backlog.ts';
import { timeFrom } from '../when-quiet.ts';
import type { Contender } from './contender.ts';
import { isEmpty, openWriter, store } from './store.ts';

const NOTIFICATIONS = 'centrifugo_partition_change';
/** Rows of a partition that are taken at once. With its default, 100, an event costs two fifths more of the processors. */
const ROWS = 1_000;

/**
 * Centrifugo's own outbox (docs: server, consumers, postgresql): it reads commands from a table, in its own process. The
 * same events become two commands each, with every channel written out, the same keys and versions, one partition for
 * each shard, and notifications so that nothing waits for a poll.
 */
export const consumer: Contender = {
  name: 'Centrifugo consumer',
  install: async (sql) => {
    await sql.unsafe(OUTBOX);
    await sql.unsafe(CONVERSION);
    await sql.unsafe(TRIGGERS);
  },
  centrifugoSettings: (databaseUrl) => ({
    CENTRIFUGO_CONSUMERS: JSON.stringify([
      {
        enabled: true,
        name: 'outbox',
        type: 'postgresql',
        postgresql: {
          dsn: databaseUrl,
          outbox_table_name: 'centrifugo_outbox',
          num_partitions: SHARDS,
          partition_select_limit: ROWS,
          partition_notification_channel: NOTIFICATIONS,
        },
      },
    ]),
  }),
  open(bed) {
    const { sql } = bed.database;
    const writer = openWriter(bed);
    const isQuiet = () => isEmpty(sql, 'centrifugo_outbox');
    return {
      start: async () => undefined,
      send: async (message) => void (await store(writer.sql, message)),
      isQuiet,
      prepareCatchUp: async (aside) => {
        const commit = await insertAtOnce(sql, { aside, into: 'centrifugo_outbox' });
        return () => timeFrom(commit, isQuiet);
      },
      close: () => writer.close(),
    };
  },
};

/** Its documented table, with an index that its query wants. */
const OUTBOX = `
  CREATE TABLE centrifugo_outbox (
    id bigserial PRIMARY KEY,
    method text NOT NULL,
    payload jsonb NOT NULL,
    partition integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX ON centrifugo_outbox (partition, id);`;

const CONVERSION = `
  CREATE FUNCTION commands_of(o outbox) RETURNS TABLE (ord int, method text, payload jsonb)
  LANGUAGE sql STABLE AS $$
    SELECT 1, 'publish', jsonb_build_object('channel', '${conversationChannel('')}' || o.conversation_id,
      'data', o.payload::jsonb, 'idempotency_key', o.event_id, 'version', o.ev,
      'version_epoch', o.epoch)
    WHERE o.payload IS NOT NULL
    UNION ALL
    SELECT 2, 'broadcast', jsonb_build_object('channels', (
        SELECT jsonb_agg('${chatChannel('')}' || user_id) FROM members m
        WHERE m.conversation_id = o.conversation_id AND m.left_ev IS NULL),
      'data', o.audience_payload::jsonb, 'idempotency_key', o.event_id)
    WHERE o.audience = 'members'
  $$;`;

const TRIGGERS = `
  CREATE FUNCTION into_centrifugo_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO centrifugo_outbox (method, payload, partition)
    SELECT c.method, c.payload, NEW.shard FROM commands_of(NEW) c ORDER BY c.ord;
    RETURN NULL;
  END $$;
  CREATE TRIGGER elsewhere BEFORE INSERT ON outbox
  FOR EACH ROW EXECUTE FUNCTION into_centrifugo_outbox();

  CREATE FUNCTION tell_partition() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('${NOTIFICATIONS}', NEW.partition::text);
    RETURN NULL;
  END $$;
  CREATE TRIGGER tell_partition AFTER INSERT ON centrifugo_outbox
  FOR EACH ROW EXECUTE FUNCTION tell_partition();`;
