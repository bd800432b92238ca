import type { Room } from '../chat/create-room.ts';

/** Always of one height, so that the log does not move when somebody begins. */
export function TypingLine({ userIds, room }: { userIds: readonly string[]; room: Room }) {
  return (
    <div className="text-muted h-5 shrink-0 px-4 text-xs">
      <p className="one-line mx-auto max-w-3xl px-1">
        <Words names={userIds.map((userId) => room.nameOf(userId) ?? 'Somebody')} />
      </p>
    </div>
  );
}

function Words({ names: [one, other, ...more] }: { names: readonly string[] }) {
  if (one === undefined) return null;
  if (more.length > 0) return 'Several people are typing';
  if (other === undefined) {
    return (
      <>
        <bdi>{one}</bdi> is typing
      </>
    );
  }
  return (
    <>
      <bdi>{one}</bdi> and <bdi>{other}</bdi> are typing
    </>
  );
}
