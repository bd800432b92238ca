import type { Page } from 'playwright';

/** What becomes of what a page asks for. */
export type Fate = 'loading' | 'error';

/** Lets every request for such an address wait for ever, or fail as when the server is out of order. */
export async function meetsFate(page: Page, url: RegExp, fate: Fate): Promise<void> {
  await page.route(url, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    if (fate === 'loading') return;
    const { status, ...problem } = { status: 503, code: 'unavailable', title: 'Unavailable' };
    const body = { type: 'about:blank', status, detail: 'Try again in a moment.', ...problem };
    await route.fulfill({ status, contentType: 'application/problem+json', json: body });
  });
}
