import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

import { startOfDay } from '../state/time-words.ts';
import { firstOnScreen, lastSeen, topIn } from './on-screen.ts';

/** So near to the end counts as at the end: a rounded pixel or a half-scrolled line. */
const END_PX = 48;

/** So near to an edge more is fetched, before the reader gets there. */
const NEAR_PX = 1200;

interface LogScrollOptions {
  /** Rises with each message that the user sends: then the log goes to its end. */
  sends: number;
  /** Whether the end of the log is not the end of the conversation. */
  hasNewer: boolean;
  /** Whether what is unread is not here yet. */
  lineToCome: boolean;
  /** Null while nothing is to be fetched there. */
  onNearTop: (() => void) | null;
  onNearEnd: (() => void) | null;
}

type Goal = 'first' | 'line' | 'end';

/** How far below the top edge the line above what is unread is put: the day floats above it. */
const LINE_PX = 40;

/**
 * Scrolling of a log that grows at both ends. At the end it follows what comes; elsewhere what is
 * being read stays where it is, whatever comes above or below it or turns out to be of another height.
 * `seenSeq` tells how far the reader came: to a message, or to the end, wherever that is (`Infinity`).
 */
export function useLogScroll(options: LogScrollOptions) {
  const { sends, hasNewer, lineToCome, onNearTop, onNearEnd } = options;
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const following = useRef(false);
  const anchor = useRef<ReturnType<typeof firstOnScreen>>(null);
  /** Where the log goes as soon as that is loaded. */
  const goal = useRef<Goal | null>('first');
  const sendsSeen = useRef(sends);
  // Not before the first look: what is below the screen must not count as read in between.
  const [atEnd, setAtEnd] = useState(false);
  const [lineSeen, setLineSeen] = useState(false);
  const [topDay, setTopDay] = useState<number | null>(null);
  // Before that what comes may push what is unread off the screen.
  const [arrived, setArrived] = useState(false);
  // The furthest that was on the screen since then.
  const [seenTo, setSeenTo] = useState(0);

  const look = useCallback(() => {
    const log = box.current;
    if (log === null) return;
    const left = log.scrollHeight - log.scrollTop - log.clientHeight;
    following.current = left <= END_PX && !hasNewer;
    anchor.current = firstOnScreen(log);
    setTopDay(dayOf(anchor.current?.message));
    setAtEnd(following.current);
    setArrived(goal.current === null);
    if (goal.current === null) setSeenTo((before) => Math.max(before, lastSeen(log)));
    if (isOnScreen(log, lineIn(log))) setLineSeen(true);
    if (log.scrollTop < NEAR_PX) onNearTop?.();
    if (left < NEAR_PX) onNearEnd?.();
  }, [hasNewer, onNearTop, onNearEnd]);

  useLayoutEffect(() => {
    const log = box.current;
    if (log === null) return;
    if (sends !== sendsSeen.current) [goal.current, sendsSeen.current] = ['end', sends];
    // Whoever scrolls before what is unread has come wants to stay there.
    const left = anchor.current !== null && !following.current;
    if (left && goal.current === 'first') goal.current = null;
    if (!following.current) keepAnchor(log, anchor.current);
    const reached = reach(log, hasNewer ? onlyLine(goal.current) : goal.current);
    if (reached !== null) {
      if (goal.current !== 'first' || !lineToCome) goal.current = null;
      following.current = reached === 'end';
    }
    if (following.current) log.scrollTop = log.scrollHeight;
    look();
  });

  useSizes([box, list], () => {
    const log = box.current;
    if (log === null) return;
    if (following.current) log.scrollTop = log.scrollHeight;
    else keepAnchor(log, anchor.current);
  });

  /** Now where that is loaded, else as soon as it is. */
  const goTo = useCallback(
    (place: 'line' | 'end') => {
      const log = box.current;
      if (log === null) return;
      goal.current = reach(log, hasNewer ? onlyLine(place) : place) === null ? place : null;
      log.focus({ preventScroll: true });
    },
    [hasNewer],
  );

  const seenSeq = arrived && atEnd ? Infinity : seenTo;
  return { box, list, atEnd, seenSeq, topDay, lineSeen, onScroll: look, goTo };
}

/** The box shrinks when the composer grows or a keyboard opens; a block is of another height once it is drawn. */
function useSizes(elements: RefObject<HTMLElement | null>[], onChange: () => void) {
  // The same for the life of the log: nothing but references is in them.
  const first = useRef({ elements, onChange });
  useEffect(() => {
    const observer = new ResizeObserver(first.current.onChange);
    for (const { current } of first.current.elements) {
      if (current !== null) observer.observe(current);
    }
    return () => observer.disconnect();
  }, []);
}

function keepAnchor(log: HTMLElement, held: ReturnType<typeof firstOnScreen>) {
  if (!held?.message.isConnected) return;
  const moved = topIn(log, held.message) - held.top;
  if (Math.abs(moved) >= 1) log.scrollBy({ top: moved, behavior: 'instant' });
}

/** When the day of a message began. */
function dayOf(message: HTMLElement | undefined): number | null {
  const at = message?.dataset['at'];
  return at === undefined ? null : startOfDay(Number(at));
}

function lineIn(log: HTMLElement): HTMLElement | null {
  return log.querySelector<HTMLElement>('[data-line="unread"]');
}

/** In the middle of the conversation its end is out of reach. */
function onlyLine(goal: Goal | null): Goal | null {
  return goal === 'end' ? null : goal;
}

/** Where the log came to: the line, the end, or neither for now. At first the line where it does not fit on the screen. */
function reach(log: HTMLElement, goal: Goal | null): 'line' | 'end' | null {
  if (goal === null) return null;
  const line = lineIn(log);
  if (goal === 'line' && line === null) return null;
  if (goal !== 'line') log.scrollTop = log.scrollHeight;
  if (line === null || goal === 'end' || (goal === 'first' && topIn(log, line) >= 0)) return 'end';
  placeLine(log, line);
  return 'line';
}

function placeLine(log: HTMLElement, line: HTMLElement) {
  log.scrollTop += topIn(log, line) - LINE_PX;
}

function isOnScreen(log: HTMLElement, element: HTMLElement | null): boolean {
  if (element === null) return false;
  const top = topIn(log, element);
  return top >= 0 && top < log.clientHeight;
}
