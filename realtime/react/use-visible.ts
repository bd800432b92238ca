import { useSyncExternalStore } from 'react';

/** Whether the page is before somebody's eyes; where there is none to ask, it is. */
export function useVisible(): boolean {
  return useSyncExternalStore(watchVisibility, isVisible, () => true);
}

function isVisible(): boolean {
  return typeof document === 'undefined' || document.visibilityState === 'visible';
}

function watchVisibility(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
