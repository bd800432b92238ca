import { UpIcon } from '../ui/icons.tsx';

/** Floats below the day while the line above what was unread is further up, or not loaded. */
export function JumpToUnread({ failed, onJump }: { failed: boolean; onJump: () => void }) {
  return (
    <button
      type="button"
      className="shadow-float border-line bg-raised text-ink hover:bg-hover absolute inset-x-0 top-10 mx-auto flex h-9 w-fit items-center gap-1 rounded-full border px-3 text-sm font-medium transition-colors"
      onClick={onJump}
    >
      <UpIcon className="size-4" />
      {failed ? 'Not loaded. Try again' : 'Jump to unread'}
    </button>
  );
}
