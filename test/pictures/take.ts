import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright';

const FOLDER = join(import.meta.dirname, '../../docs/images');
const THEMES = ['light', 'dark'] as const;
/** A phone, a tablet and a screen on a desk. */
const SCREENS = [
  { width: 360, height: 640 },
  { width: 768, height: 560 },
  { width: 1440, height: 640 },
];

/** What a page looks like in both themes and on three screens, in docs/images as NAME-THEME-WIDTH.png. */
export async function take(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const screen of SCREENS) {
      await page.setViewportSize(screen);
      const path = join(FOLDER, `${name}-${colorScheme}-${screen.width}.png`);
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    }
  }
}
