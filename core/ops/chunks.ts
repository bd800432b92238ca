/** No transaction of an operator locks more conversations than this: their senders wait meanwhile. */
export const CONVERSATIONS_A_CHUNK = 100;

/** Told after each chunk, of how many there are. */
export type OnProgress = (done: number, of: number) => void;

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}
