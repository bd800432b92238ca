import type { Page } from 'playwright';

/** Lets none of these requests of a page out until they are released; those that follow go their own way again. */
export async function holdRequests(
  page: Page,
  url: string,
): Promise<{ release: () => Promise<void> }> {
  const held = Promise.withResolvers<void>();
  await page.route(url, async (route) => {
    await held.promise;
    await route.continue();
  });
  return {
    release: async () => {
      held.resolve();
      await page.unrouteAll({ behavior: 'wait' });
    },
  };
}
