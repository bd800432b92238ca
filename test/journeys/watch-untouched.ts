import type { Page } from 'playwright';

/** Watches a page from now on; the answer is whether it was neither loaded again nor asked its reader to load it again. */
export async function watchUntouched(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    const { dataset } = document.documentElement;
    dataset['untouched'] = 'true';
    new MutationObserver(() => {
      if (document.body.textContent.includes('Start again')) delete dataset['untouched'];
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => document.documentElement.dataset['untouched'] === 'true');
}
