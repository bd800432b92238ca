import { DownIcon } from '../ui/icons.tsx';

/** Floats above the composer while the reader is further up. */
export function JumpToEnd({ unseen, onJump }: { unseen: number; onJump: () => void }) {
  return (
    <button
      type="button"
      aria-label={unseen > 0 ? `${unseen} new, jump to latest` : 'Jump to latest'}
      className={`shadow-float absolute inset-x-0 bottom-3 mx-auto flex h-9 w-fit items-center gap-1 rounded-full px-3 text-sm font-medium transition-colors ${unseen > 0 ? 'bg-accent text-on-accent hover:bg-accent-strong' : 'border-line bg-raised text-ink hover:bg-hover border'}`}
      onClick={onJump}
    >
      <DownIcon className="size-4" />
      {unseen > 0 ? `${unseen} new` : 'Latest'}
    </button>
  );
}
