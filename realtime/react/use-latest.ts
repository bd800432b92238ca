import { useInsertionEffect, useRef } from 'react';

/** The value of the last finished render, for callbacks that must not be set up again for each. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  useInsertionEffect(() => {
    ref.current = value;
  });
  return ref;
}
