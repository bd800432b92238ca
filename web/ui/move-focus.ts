import type { KeyboardEvent } from 'react';

/** Arrow keys walk through a list of links or buttons; Enter chooses, as everywhere. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const list = event.currentTarget.closest('ul');
  const stops = [...(list?.querySelectorAll<HTMLElement>('a, button') ?? [])];
  const next = stops[stops.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
