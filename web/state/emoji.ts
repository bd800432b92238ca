/** As many as are shown large. */
const FEW = /^(?:\s*\p{RGI_Emoji}){1,3}\s*$/v;

/** Whether a message is nothing but a few emoji. */
export function isFewEmoji(content: string): boolean {
  return FEW.test(content);
}
