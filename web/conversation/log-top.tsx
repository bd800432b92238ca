import type { Trouble } from '@rov/realtime/client';

import { Button } from '../ui/button.tsx';

/** Above the first message, always of one height: what comes here must not move the page. */
export function LogTop({
  hasOlder,
  loading,
  problem,
  onRetry,
}: {
  hasOlder: boolean;
  loading: boolean;
  problem: Trouble | null;
  onRetry: () => void;
}) {
  if (!hasOlder) return <div className="h-4 shrink-0" />;
  return (
    <div className="text-muted flex h-12 shrink-0 items-center justify-center gap-3 text-sm">
      {problem !== null ? (
        <>
          Older messages could not be loaded.
          <Button onClick={onRetry}>Try again</Button>
        </>
      ) : (
        loading && 'Loading older messages…'
      )}
    </div>
  );
}
