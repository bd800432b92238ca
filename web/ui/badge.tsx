/** How many are unread. */
export function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- there is no picture, only a number with a name
      role="img"
      aria-label={`${count} unread`}
      className="bg-accent text-on-accent min-w-5 rounded-full px-1.5 text-center text-xs leading-5 font-semibold tabular-nums"
    >
      {count > 99 ? '99+' : count}
    </span>
  );
}
