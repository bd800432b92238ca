/** What the worker gets back: an answer, a broken connection, or nothing for as long as this behaviour lasts. */
export type Fate = { status: number; body: string } | 'cut' | 'silence';
