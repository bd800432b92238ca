const ONE_EMOJI = /^\p{RGI_Emoji}$/v;

/** A character that is shown as text unless a variation selector or a skin tone behind it says otherwise. */
const SHOWN_AS_TEXT = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier}|\uFE0F)/gu;

/**
 * The one emoji that a text is, in the form that Unicode recommends: a heart from a keyboard that leaves its variation
 * selector out is the same heart. Null for anything else.
 */
export function oneEmoji(text: string): string | null {
  const qualified = text.replaceAll(SHOWN_AS_TEXT, '$&\uFE0F');
  return ONE_EMOJI.test(qualified) ? qualified : null;
}
