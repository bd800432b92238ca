// Line feed and tab are what people write on purpose.
const CONTROLS = /[^\P{Cc}\n\t]/gu;

/**
 * Text as it is stored: composed (NFC), trimmed, without control characters except line feed and tab.
 * Null for text with half of a surrogate pair, which no encoding can hold.
 */
export function plainText(text: string): string | null {
  if (!text.isWellFormed()) return null;
  return text.normalize('NFC').replaceAll(CONTROLS, '').trim();
}

/** The same for what is shown in one line: a name, a title. */
export function plainLine(text: string): string | null {
  return plainText(text)?.replaceAll(/\s+/g, ' ') ?? null;
}
