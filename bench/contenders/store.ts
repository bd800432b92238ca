import type { Message } from '@rov/realtime';
import type postgres from 'postgres';

import { sendMessage } from '../../core/chat/send-message.ts';
import { openSql } from '../../core/db/open-sql.ts';
import { newId } from '../../core/new-id.ts';
import type { Bed } from '../bed.ts';
import type { Delivery } from './contender.ts';

/** As many as write at once; whoever finds all of them busy waits, and the wait counts. */
const WRITERS = 32;

/** The writer's connections, as the API has them. */
export function openWriter({ database }: Bed): ReturnType<typeof openSql> {
  return openSql({ url: database.url, applicationName: 'writer', maxConnections: WRITERS });
}

/** Every contender's messages are stored by the product's function. */
export async function store(
  sql: postgres.Sql,
  message: Parameters<Delivery['send']>[0],
): Promise<{ message: Message; shard: number }> {
  const content = `This is ${message.clientId}, one of many.`;
  const sent = await sendMessage(sql, { ...message, id: newId(), type: 'text', content });
  if (!('message' in sent)) throw new Error(sent.outcome);
  return sent;
}

/** For those who keep no outbox: the rows that the function writes go nowhere. */
export async function dropOutboxRows(sql: postgres.Sql): Promise<void> {
  await sql`
    CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`;
  await sql`
    CREATE TRIGGER no_outbox BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION drop_row()`;
}

/** From its end: what is delivered leaves dead rows at the other one. */
export async function isEmpty(
  sql: postgres.Sql,
  table: 'outbox' | 'centrifugo_outbox',
): Promise<boolean> {
  return (await sql`SELECT FROM ${sql(table)} ORDER BY id DESC LIMIT 1`).length === 0;
}
