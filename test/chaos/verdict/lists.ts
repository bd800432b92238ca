import type { Case } from './testimony.ts';

/**
 * Whether the lists of conversations, read pointers and states of others that pages show in the end are as Postgres
 * has them. Each difference is something that was not heard.
 */
export function judgeLists({ pages, truth }: Pick<Case, 'pages' | 'truth'>): string[] {
  return pages.flatMap((page) => [
    ...differencesOfList(page, truth),
    ...differencesOfPresence(page, truth),
  ]);
}

function differencesOfList(page: Case['pages'][number], { memberships }: Case['truth']): string[] {
  const found: string[] = [];
  const own = memberships.filter(({ userId }) => userId === page.userId);
  for (const { conversationId, lastSeq, lastReadSeq, unreadFromSeq } of own) {
    const listed = page.list.get(conversationId);
    const told = (what: string): string => `${page.name}: ${what} of ${conversationId} in its list`;
    if (!listed?.there) found.push(told('nothing'));
    else {
      if (listed.lastSeq !== lastSeq)
        found.push(told(`message ${listed.lastSeq} of ${lastSeq} is the last`));
      if (listed.lastReadSeq !== lastReadSeq)
        found.push(told(`read up to ${listed.lastReadSeq} instead of ${lastReadSeq}`));
      if (listed.unreadFromSeq !== unreadFromSeq)
        found.push(told(`marked from ${listed.unreadFromSeq} instead of ${unreadFromSeq}`));
    }
  }
  const present = new Set(own.map(({ conversationId }) => conversationId));
  for (const [conversationId, { there }] of page.list) {
    if (there && !present.has(conversationId))
      found.push(`${page.name}: ${conversationId} is still in its list, and left`);
  }
  return found;
}

function differencesOfPresence(
  page: Case['pages'][number],
  { presence, contacts }: Case['truth'],
): string[] {
  return contacts
    .filter(({ userId }) => userId === page.userId)
    .flatMap(({ contactId }) => {
      const is = presence.find(({ userId }) => userId === contactId);
      const known = page.presence.get(contactId);
      if (!is || (known?.status === is.status && known.version === is.version)) return [];
      const told = known ? `${known.status} ${known.version}` : 'nothing';
      return [`${page.name}: ${told} of ${contactId}, who is ${is.status} ${is.version}`];
    });
}
