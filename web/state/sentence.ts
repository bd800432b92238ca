/** Words of the server as a sentence: its titles have no full stop. */
export function sentence(words: string): string {
  return /[.!?…]$/u.test(words) ? words : `${words}.`;
}
