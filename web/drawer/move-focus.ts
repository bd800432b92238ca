import type { KeyboardEvent } from 'react';

/** Arrow keys walk through a list of links; Enter opens, as for every link. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...(event.currentTarget.closest('ul')?.querySelectorAll('a') ?? [])];
  const next = links[links.findIndex((link) => link === event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
