import type { Trouble } from '@rov/realtime/client';

import { Button } from '../ui/button.tsx';

/** Where the log goes on beyond what is loaded, always of one height: what comes here must not move the page. */
export function LogEdge({
  which,
  more,
  loading,
  problem,
  onRetry,
}: {
  which: 'older' | 'newer';
  more: boolean;
  loading: boolean;
  problem: Trouble | null;
  onRetry: () => void;
}) {
  if (!more) return which === 'older' && <div className="h-4 shrink-0" />;
  return (
    <div className="text-muted flex h-12 shrink-0 items-center justify-center gap-3 text-sm">
      {problem !== null ? (
        <>
          {which === 'older' ? 'Older' : 'Newer'} messages could not be loaded.
          <Button onClick={onRetry}>Try again</Button>
        </>
      ) : (
        loading && `Loading ${which} messages…`
      )}
    </div>
  );
}
