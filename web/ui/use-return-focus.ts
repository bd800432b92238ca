import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** When the element is gone, the focus is where it was before the element came. */
export function useReturnFocus(to: RefObject<HTMLElement | null>): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    const element = to.current;
    return () => {
      if (element?.isConnected === false && opener instanceof HTMLElement) opener.focus();
    };
  }, [opener, to]);
}
