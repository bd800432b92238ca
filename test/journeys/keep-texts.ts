import type { Page } from 'playwright';

/** Keeps every text that a page shows now or later, for however short a time; the answer is all of it. */
export async function keepTexts(page: Page): Promise<() => Promise<string>> {
  const kept = await page.evaluateHandle(() => {
    const texts = new Set<string>([document.body.innerText]);
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        for (const node of [target, ...addedNodes]) texts.add(node.textContent ?? '');
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return texts;
  });
  return () => kept.evaluate((texts) => [...texts].join('\n'));
}
