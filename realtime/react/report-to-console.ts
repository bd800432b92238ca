/** Where errors go that nobody asked for: a listener's exception, an attempt that is repeated. */
export function reportToConsole(error: unknown): void {
  // oxlint-disable-next-line no-console -- in a page this is the log
  console.error(error);
}
