import type { Page } from '../activity.ts';

/** The page that this runs in; null in Node and in workers. */
export function pageHere(): Page | null {
  return typeof window === 'undefined' || typeof document === 'undefined'
    ? null
    : { window, document };
}

/** In place of a page where there is none: somebody who is here and touches nothing. */
export function stillPage(): Page {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  return { window: new EventTarget(), document };
}
