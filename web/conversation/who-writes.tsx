import type { Conversation } from '@rov/realtime';

/** One line, as long as others write. */
export function WhoWrites({
  conversation,
  userIds,
}: {
  conversation: Conversation;
  userIds: readonly string[];
}) {
  if (userIds.length === 0) return null;
  const known = conversation.members.filter(({ id }) => userIds.includes(id));
  const names = known.map(({ name }) => name).join(', ') || 'Somebody';
  return (
    <p className="text-muted mx-auto w-full max-w-3xl shrink-0 px-4 pb-1 text-xs">
      <bdi>{names}</bdi> {userIds.length > 1 ? 'are' : 'is'} writing…
    </p>
  );
}
