/** So much of a message may be cut off by rounding. */
const ROUNDED_PX = 1;

/** The first message of which something is on the screen, and how far below the edge of the log it begins. */
export function firstOnScreen(log: HTMLElement): { message: HTMLElement; top: number } | null {
  const edge = log.getBoundingClientRect().top;
  const message = search(log.querySelectorAll('ol'), {
    from: (of) => of,
    isOn: (element) => element.getBoundingClientRect().bottom > edge,
  });
  return message === null ? null : { message, top: topIn(log, message) };
}

export function lastOnScreen(log: HTMLElement): HTMLElement | null {
  const edge = log.getBoundingClientRect().bottom;
  return search(log.querySelectorAll('ol'), {
    from: (of) => of.toReversed(),
    isOn: (element) => element.getBoundingClientRect().top < edge,
  });
}

/** The `seq` of the last message that is on the screen down to its end; 0 where that has none. */
export function lastSeen(log: HTMLElement): number {
  const last = lastOnScreen(log);
  const seq = Number(last?.dataset['seq'] ?? 0);
  const below = (last?.getBoundingClientRect().bottom ?? 0) - log.getBoundingClientRect().bottom;
  return below > ROUNDED_PX ? seq - 1 : seq;
}

export function topIn(log: HTMLElement, element: HTMLElement): number {
  return element.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

/** Block by block, so that nothing is measured that is not drawn. */
function search(
  blocks: Iterable<HTMLElement>,
  how: {
    from: (of: HTMLElement[]) => HTMLElement[];
    isOn: (element: HTMLElement) => boolean;
  },
): HTMLElement | null {
  for (const block of how.from([...blocks])) {
    if (!how.isOn(block)) continue;
    const messages = [...block.querySelectorAll<HTMLElement>('[data-message]')];
    const found = how.from(messages).find(how.isOn);
    if (found !== undefined) return found;
  }
  return null;
}
