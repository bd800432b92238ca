import { NotPossible } from '../ui/use-action.ts';

/** Puts text on the clipboard. Browsers allow that to pages of a secure origin only. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const words = 'The browser does not let this page copy. Select the text instead.';
    throw new NotPossible(words, { cause: error });
  }
}
