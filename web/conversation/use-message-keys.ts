import type { KeyboardEvent, MouseEvent } from 'react';
import { flushSync } from 'react-dom';

import { firstOnScreen, lastOnScreen } from './on-screen.ts';

/**
 * The keyboard in the log: arrows walk from message to message, Enter opens what can be done with one, Escape goes back to
 * writing. A long press is what Enter is.
 */
export function useMessageKeys({ onEscape }: { onEscape: () => void }) {
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const { currentTarget: log, target, key } = event;
    const at = messageAt(target);
    // A button in a message keeps its keys.
    if (target !== log && target !== at) return;
    if (key === 'ArrowUp' || key === 'ArrowDown') neighbour(log, at, key)?.focus();
    else if (key === 'Enter' && at !== null) openMenu(at);
    else if (key === 'Escape') onEscape();
    else return;
    event.preventDefault();
  }

  function onContextMenu(event: MouseEvent<HTMLElement>) {
    const at = messageAt(event.target);
    const byKey = event.button !== 2 && at === event.target;
    if (at === null || !(isTouch(event.nativeEvent) || byKey)) return;
    event.preventDefault();
    openMenu(at);
  }

  return { onKeyDown, onContextMenu };
}

function messageAt(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('li[data-message]') : null;
}

/** From the log itself upwards comes the last message on the screen, downwards the first one. */
function neighbour(log: HTMLElement, at: HTMLElement | null, key: string) {
  if (at === null) return key === 'ArrowUp' ? lastOnScreen(log) : firstOnScreen(log)?.message;
  const all = [...log.querySelectorAll<HTMLElement>('li[data-message]')];
  return all[all.indexOf(at) + (key === 'ArrowUp' ? -1 : 1)];
}

/** Focused first, for only then is its menu there. */
function openMenu(message: HTMLElement) {
  flushSync(() => message.focus());
  message.querySelector<HTMLElement>('[data-more]')?.click();
}

function isTouch(event: Event): boolean {
  return 'pointerType' in event && event.pointerType === 'touch';
}
