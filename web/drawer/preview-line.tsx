import type { Conversation } from '@rov/realtime';
import { roomOf } from '@rov/realtime/client';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { previewOf } from '../state/who.ts';

/** What was said last. Where one's own words wait in a conversation that is not open, those, lest they be forgotten. */
export function PreviewLine({
  conversation,
  me,
  open,
}: {
  conversation: Conversation;
  me: string;
  open: boolean;
}) {
  const { id, unreadCount } = conversation;
  const draft = useChat().room(id).draft().trim();
  const unsent = useWatched((state) =>
    roomOf(state, id).pending.findLast(({ state: at }) => at === 'failed'),
  );
  if (!open && unsent !== undefined) {
    return (
      <Own
        what="Unsent"
        look={unsent.retryAt === null ? 'text-danger' : 'text-muted'}
        text={unsent.content}
      />
    );
  }
  // What is new is more than what one has not said.
  if (!open && draft !== '' && unreadCount === 0) {
    return <Own what="Draft" look="text-accent" text={draft} />;
  }
  return <bdi>{previewOf(conversation, me)}</bdi>;
}

function Own({ what, look, text }: { what: string; look: string; text: string }) {
  return (
    <>
      <span className={`font-medium ${look}`}>{what}:</span> <bdi>{text}</bdi>
    </>
  );
}
