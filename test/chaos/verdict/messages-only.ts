import type { Case } from './testimony.ts';

/** The same case where nothing but messages was sent, and nobody told `chat:*` of them. */
export function messagesOnly<C extends Case>(given: C): C {
  return {
    ...given,
    pages: given.pages.map((page) => ({ ...page, hearsChat: false, list: new Map() })),
    truth: {
      memberships: [],
      messages: [],
      receipts: [],
      presence: [],
      leavers: [],
      contacts: [],
    },
  };
}
