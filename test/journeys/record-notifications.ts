import type { BrowserContext, Page } from 'playwright';

type Shown = { title: string; body: string; tag: string; closed: boolean };
type Recording = typeof globalThis & { notifications: { shown: Shown; click: () => void }[] };

/** Allows notifications, and keeps those that the pages of a browser show from their next load on. */
export async function recordNotifications(context: BrowserContext): Promise<void> {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    const kept: Recording['notifications'] = [];
    class Recorded extends Notification {
      readonly #shown: Shown;
      constructor(title: string, { body = '', tag = '' }: NotificationOptions = {}) {
        super(title, { body, tag });
        this.#shown = { title, body, tag, closed: false };
        kept.push({ shown: this.#shown, click: () => this.dispatchEvent(new Event('click')) });
      }
      override close() {
        this.#shown.closed = true;
        super.close();
      }
    }
    Object.assign(globalThis, { Notification: Recorded, notifications: kept });
  });
}

/** What the pages have shown since they were loaded. */
export async function shownBy(...pages: Page[]): Promise<Shown[]> {
  const shown = pages.map((page) =>
    page.evaluate(() => (globalThis as Recording).notifications.map((one) => one.shown)),
  );
  return (await Promise.all(shown)).flat();
}

/** Clicks the last one that any of the pages has shown. */
export async function clickTheLast(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    await page.evaluate(() => (globalThis as Recording).notifications.at(-1)?.click());
  }
}
