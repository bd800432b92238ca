/** Gives the value of before, as long as the one that is computed now is equal to it. */
export function sameWhileEqual<T>(compute: () => T, initial: T): () => T {
  let last = initial;
  return () => {
    const next = compute();
    if (!isEqual(last, next)) last = next;
    return last;
  };
}

/** Whether two values are one, or two plain objects or arrays whose entries are. */
function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && Object.is(one[key], other[key]))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
