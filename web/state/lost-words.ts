/** What signing out would lose; null where that is nothing. */
export function lostWords({
  messages,
  drafts,
}: {
  messages: number;
  drafts: number;
}): string | null {
  const lost = [
    messages > 0 ? counted(messages, 'unsent message') : null,
    drafts > 0 ? counted(drafts, 'draft') : null,
  ].filter((words) => words !== null);
  return lost.length === 0 ? null : `You will lose ${lost.join(' and ')}.`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
