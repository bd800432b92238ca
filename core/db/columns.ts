import { sql } from 'drizzle-orm';
import { bigint, customType, timestamp } from 'drizzle-orm/pg-core';

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
export const count = (name: string) => bigint(name, { mode: 'number' });
export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });
export const now = sql`clock_timestamp()`;
