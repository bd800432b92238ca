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
