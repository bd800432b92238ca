import type { Sql } from '../core/db/database.ts';
import type { Doorbell } from '../core/queue/doorbell.ts';
import type { AskDatabase } from './ask-database.ts';

/** What a route that writes needs: where, how to bear a fault there, and whom to tell of an event. */
export type RouteDependencies = { sql: Sql; ask: AskDatabase; bell: Doorbell };
