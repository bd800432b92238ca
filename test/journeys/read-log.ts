import type { Page } from 'playwright';

import { until } from '../harness/until.ts';

/** Less than the log is high, so that nothing goes by unseen. */
const STEP_PX = 400;
const SCROLLED = { timeoutMs: 60_000 };

/** The open conversation, as one reads it. */
export type ReadLog = {
  /** What it shows, from top to bottom. */
  messages(): Promise<string[]>;
  /** Turns the mouse wheel over it, upwards for less than nothing, and waits until it rests again. */
  wheel(pixels: number): Promise<void>;
  /** Scrolls up until the message is there. */
  scrollUpTo(text: string): Promise<void>;
  /** Scrolls down until the message is there, and tells all that came by, each text once. */
  readDownTo(text: string): Promise<string[]>;
  /** Scrolls down until there is nothing further down. */
  scrollToEnd(): Promise<void>;
  /** Once nothing moves any more: the first message that is wholly on the screen, and where it begins. */
  restingPlace(): Promise<{ text: string; top: number }>;
  /** The last message that is on the screen down to its end. */
  lastSeen(): Promise<string>;
  /** What the button says that leads to the end; null at the end. */
  wayToEnd(): Promise<string | null>;
  /** How far below the top of the window a message begins, in pixels. */
  topOf(text: string): Promise<number>;
  /** The message below the line that says from where on all is new; null without that line. */
  firstNew(): Promise<string | null>;
};

/** Runs in the page, and finds first what stands at the top. */
function isIn(log: Element, text: string): boolean {
  for (const words of log.querySelectorAll('[data-message] p')) {
    if (words.textContent === text) return true;
  }
  return false;
}

/** Runs in the page: when the log, turned by so many pixels, rests again. It does so already where it cannot move. */
function nextRest(log: Element, pixels: number): { over: Promise<void> } {
  const room = pixels < 0 ? log.scrollTop : log.scrollHeight - log.scrollTop - log.clientHeight;
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      log.addEventListener('scrollend', () => resolve(), { once: true });
    });
  return { over: room < 1 ? Promise.resolve() : rest() };
}

/** Runs in the page: how many pixels there are below what is seen. */
function below(log: Element): number {
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}

export function readLog(page: Page): ReadLog {
  // Not by role: to compute those of ten thousand messages holds up the page for longer than the page itself does.
  const log = page.locator('[role="log"]');
  const messages = (): Promise<string[]> => log.locator('[data-message] p').allTextContents();
  /** A turn is over before the page has moved: resolves with the way to wait for that. */
  const turn = async (pixels: number): Promise<() => Promise<void>> => {
    const moving = await log.evaluateHandle(nextRest, pixels);
    await page.mouse.wheel(0, pixels);
    return () => moving.evaluate(({ over }) => over);
  };
  const wheel = async (pixels: number): Promise<void> => {
    await log.hover();
    const atRest = await turn(pixels);
    await atRest();
  };
  const wayToEnd = (): Promise<string | null> =>
    page
      .locator('button[aria-label$="jump to latest" i]')
      .evaluateAll(([button]) => button?.getAttribute('aria-label') ?? null);
  const topMessage = (): Promise<{ text: string; top: number }> =>
    log.evaluate((element) => {
      const { top } = element.getBoundingClientRect();
      const bubbles = [...element.querySelectorAll<HTMLElement>('[data-message]')];
      const first = bubbles.find((one) => one.getBoundingClientRect().top >= top)!;
      return { text: first.querySelector('p')!.innerText, top: first.getBoundingClientRect().top };
    });
  return {
    messages,
    wheel,
    scrollUpTo: async (text) => {
      await log.hover();
      const shown = await log.elementHandle();
      let atRest = async (): Promise<void> => undefined;
      await until(
        async () => {
          if (await shown.evaluate(isIn, text)) return true;
          atRest = await turn(-10 * STEP_PX);
          return false;
        },
        { ...SCROLLED, what: `"${text}" further up` },
      );
      await atRest();
    },
    readDownTo: async (text) => {
      const seen = new Set<string>();
      await log.hover();
      await until(
        async () => {
          for (const one of await messages()) seen.add(one);
          if (seen.has(text)) return true;
          await page.mouse.wheel(0, STEP_PX);
          return false;
        },
        { ...SCROLLED, what: () => `"${text}" further down, after ${[...seen].at(-1)}` },
      );
      return [...seen];
    },
    scrollToEnd: async () => {
      await log.hover();
      const shown = await log.elementHandle();
      await until(
        async () => {
          if ((await shown.evaluate(below)) < 1) return (await wayToEnd()) === null;
          await page.mouse.wheel(0, 50 * STEP_PX);
          return false;
        },
        { ...SCROLLED, what: 'the end' },
      );
    },
    restingPlace: async () => {
      let place = await topMessage();
      await until(
        async () => {
          const before = place;
          place = await topMessage();
          return before.text === place.text && before.top === place.top;
        },
        { ...SCROLLED, what: 'the end of the scrolling' },
      );
      return place;
    },
    wayToEnd,
    lastSeen: () =>
      log.evaluate((element) => {
        const edge = element.getBoundingClientRect().bottom;
        const bubbles = [...element.querySelectorAll<HTMLElement>('[data-message]')];
        const last = bubbles.findLast((one) => one.getBoundingClientRect().bottom <= edge + 1)!;
        return last.querySelector('p')!.innerText;
      }),
    topOf: (text) =>
      log
        .locator('[data-message]')
        .filter({ has: page.getByText(text, { exact: true }) })
        .evaluate((element) => element.getBoundingClientRect().top),
    firstNew: () =>
      log.evaluate((element) => {
        const rows = [...element.querySelectorAll('li')];
        const line = rows.findIndex((row) => row.innerText.trim() === 'New messages');
        const next =
          line === -1 ? undefined : rows.slice(line).find((row) => row.matches('[data-message]'));
        return next?.querySelector('p')?.innerText ?? null;
      }),
  };
}
