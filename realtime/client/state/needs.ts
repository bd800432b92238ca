import type { ChatState, Room, Row } from './chat-state.ts';
import { isSought } from './row.ts';
import type { PageAsked } from './transcript-pages.ts';
import { isBehind } from './transcript.ts';

/** Something that has to be fetched before the state is the whole truth, or that somebody wants to see. */
export type Need =
  | { what: 'list' }
  | { what: 'more'; cursor: string }
  | { what: 'row'; conversationId: string }
  | { what: 'page'; conversationId: string; how: PageAsked }
  | { what: 'people' }
  | { what: 'presence'; userIds: readonly string[] };

/** So many single rows are cheaper to fetch than the list. */
const SINGLE_ROWS = 5;

/** From so many missed messages on the newest ones are read instead of all that was missed. */
const TOO_MANY = 500;

/** What has to be fetched; nothing while the state is the whole truth, as far as events tell. */
export function needsOf(state: ChatState): Need[] {
  const { inbox, people, presence, presenceDoubt } = state;
  const needs: Need[] = [];
  const rows = Object.entries(inbox.rows).filter(([, row]) => isStale(row));
  // The list does not tell of these.
  const sought = rows.filter(([, row]) => isSought(row)).length;
  const many = rows.length - sought > SINGLE_ROWS;
  if (inbox.status === 'loading' || inbox.doubt !== null || many) {
    needs.push({ what: 'list' });
  } else {
    for (const [conversationId] of rows) needs.push({ what: 'row', conversationId });
    if (inbox.wantsMore && inbox.nextCursor !== null) {
      needs.push({ what: 'more', cursor: inbox.nextCursor });
    }
  }
  for (const [conversationId, room] of Object.entries(state.rooms)) {
    const how = room.open ? pageFor(room, inbox.rows[conversationId]) : null;
    if (how !== null) needs.push({ what: 'page', conversationId, how });
  }
  if (people.doubt !== null) needs.push({ what: 'people' });
  const userIds = Object.keys(presence);
  if (presenceDoubt !== null && userIds.length > 0) needs.push({ what: 'presence', userIds });
  return needs;
}

/** Whether the row has to be read again. */
export function isStale({ doubt, whole }: Row): boolean {
  return doubt !== null || !whole;
}

/** The page that a room needs next: to be whole, then to show what is wanted. */
function pageFor({ transcript, wanted }: Room, row: Row | undefined): PageAsked | null {
  const { epoch, ev, items, heldTo } = transcript;
  if (wanted?.way === 'around') return wanted;
  if (epoch === null) return { way: 'latest' };
  if (isBehind(transcript)) {
    const missed = (row?.conversation?.lastSeq ?? 0) - heldTo;
    const far = missed > TOO_MANY && !transcript.hasNewer;
    return far ? { way: 'latest' } : { way: 'changed', since: ev };
  }
  const first = items[0];
  const last = items.at(-1);
  if (wanted?.way === 'older' && first !== undefined && transcript.hasOlder) {
    return { way: 'older', before: first.seq };
  }
  if (wanted?.way === 'newer' && last !== undefined && transcript.hasNewer) {
    return { way: 'newer', after: last.seq };
  }
  return null;
}
