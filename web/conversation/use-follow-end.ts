import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** So near to the end counts as at the end: a rounded pixel or a half-scrolled line. */
const END_PX = 48;

/** So near to the beginning older messages are fetched, before the reader gets there. */
const TOP_PX = 600;

/**
 * Scrolling of a log that grows at both ends. At the end it follows what comes; elsewhere what is
 * being read stays where it is, whatever is put above or below it.
 */
export function useFollowEnd({
  sends,
  onNearTop,
}: {
  /** Rises with each message that the user sends: then the log goes to its end. */
  sends: number;
  /** Null while nothing older is to be fetched. */
  onNearTop: (() => void) | null;
}) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const placed = useRef(false);
  const anchor = useRef<{ element: HTMLElement; top: number } | null>(null);
  const sendsSeen = useRef(sends);
  // Not before the first look: what is below the screen must not count as read in between.
  const [atEnd, setAtEnd] = useState(false);

  const look = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    following.current = left <= END_PX;
    setAtEnd(following.current);
    if (element.scrollTop < TOP_PX) onNearTop?.();
  }, [onNearTop]);

  // After each commit: first what was loaded above must not move the page, then the end is followed.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const held = anchor.current;
    if (held !== null && held.element.isConnected) {
      const moved = held.element.offsetTop - held.top;
      if (moved !== 0 && !following.current) element.scrollTop += moved;
    }
    if (sends !== sendsSeen.current) following.current = true;
    sendsSeen.current = sends;
    if (!placed.current) placeFirst(element);
    else if (following.current) element.scrollTop = element.scrollHeight;
    placed.current = true;
    anchor.current = firstMessage(element);
    look();
  });

  // The box shrinks when the composer grows or a keyboard opens; the list grows when a picture loads.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const element = box.current;
      if (element === null) return;
      if (following.current) element.scrollTop = element.scrollHeight;
      anchor.current = firstMessage(element);
    });
    if (box.current !== null) observer.observe(box.current);
    if (list.current !== null) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);

  const jumpToEnd = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    following.current = true;
    element.scrollTop = element.scrollHeight;
    element.focus({ preventScroll: true });
  }, []);

  return { box, list, atEnd, onScroll: look, jumpToEnd };
}

/** The first sight: the line above what is unread near the top, or the end if there is none. */
function placeFirst(box: HTMLElement) {
  box.scrollTop = box.scrollHeight;
  const line = box.querySelector<HTMLElement>('[data-line="unread"]');
  if (line === null) return;
  const above = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (above < 0) box.scrollTop += above - 24;
}

function firstMessage(box: HTMLElement) {
  const element = box.querySelector<HTMLElement>('[data-message]');
  return element === null ? null : { element, top: element.offsetTop };
}
