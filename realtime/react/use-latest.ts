import { useInsertionEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** The value of the last finished render, for callbacks that must not be set up again for each. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  useInsertionEffect(() => {
    ref.current = value;
  });
  return ref;
}
