import type { TestDatabase } from '../harness/database.ts';

/** How many events waited at a time; null when Postgres could not be asked. */
export type Sample = { at: number; waiting: number | null };

const EVERY_MS = 250;
const ANSWERS_WITHIN_MS = 2_000;

/** Looks at the outbox from outside until it is stopped. */
export function watchOutbox(sql: TestDatabase['sql']): {
  samples: readonly Sample[];
  stop: () => void;
} {
  const samples: Sample[] = [];
  let asking = false;
  const look = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const at = performance.now();
    samples.push({ at, waiting: await waitingEvents(sql) });
    asking = false;
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return { samples, stop: () => clearInterval(timer) };
}

/** What waits, and what is to be announced again or a little later. Null when Postgres gave no answer. */
export async function waitingEvents(sql: TestDatabase['sql']): Promise<number | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(resolve, ANSWERS_WITHIN_MS, null).unref();
  });
  const asked = sql`
    SELECT ((SELECT count(*) FROM outbox) + (SELECT count(*) FROM doubts)
      + (SELECT count(*) FROM presence WHERE announce_at IS NOT NULL))::int AS waiting`.then(
    ([row]) => row!['waiting'] as number,
    () => null,
  );
  return Promise.race([asked, late]);
}
