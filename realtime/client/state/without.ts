/** A record without one key; the record itself where the key is not in it. */
export function without<T>(record: Readonly<Record<string, T>>, key: string) {
  if (!(key in record)) return record;
  const { [key]: _gone, ...others } = record;
  return others;
}

/** A doubt once an answer came to a request that left at the turn `asked`. */
export function doubtAfter(doubt: number | null, asked: number): number | null {
  return doubt !== null && doubt <= asked ? null : doubt;
}
