import { within } from '../../../embedded/server-process.ts';
import { SAID } from '../load/verbs.ts';
import { counted } from './fault.ts';
import type { Fault } from './fault.ts';

const CAUGHT_WITHIN_MS = 10_000;

/** What happens to the process that people talk to. */
export const api: Fault[] = [
  {
    name: 'api-killed',
    about: 'SIGKILL when Postgres has committed a message and nobody has been told',
    lastsMs: [500, 3_000],
    strike: async ({ stack, load }, { lastsMs, hold }) => {
      const { apiPostgres } = stack.between!;
      const held = await within(CAUGHT_WITHIN_MS, apiPostgres.holdAnswerTo(SAID));
      if (!held) throw new Error('no message came by on its way to Postgres');
      const clientId = new RegExp(`${SAID}(message-\\d+)`).exec(held.asked)?.[1] ?? '';
      const door = stack.apis[load.apiOf(clientId) ?? 0]!;
      await door.kill();
      held.resetConnection();
      try {
        await hold(lastsMs);
      } finally {
        await door.restart();
      }
      const { sql } = stack.database;
      const stored = await sql`SELECT FROM messages WHERE client_id = ${clientId}`;
      return {
        struck: stored.length,
        words: `${door.name} killed with ${counted(stored.length, 'message')} stored and unanswered`,
      };
    },
  },
];
