/** Postgres ends a statement of a drain after 3 s. Whoever has not answered by then will not. */
const ANSWER_WITHIN_MS = 5_000;

/** Waits for statements that were sent together. Throws when Postgres says nothing at all. */
export async function inTime<const T extends readonly Promise<unknown>[]>(
  ...statements: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Postgres has not answered for ${ANSWER_WITHIN_MS} ms`));
    }, ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([Promise.all(statements), silence]);
  } finally {
    clearTimeout(timer);
  }
}
