import type { Trouble } from '@rov/realtime/client';

import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** In place of the messages: on their way, or why they are not here. */
export function LoadProblem({
  problem,
  onRetry,
}: {
  problem: Trouble | null;
  onRetry: () => void;
}) {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col justify-end px-4 pb-6">
      {problem === null ? (
        <Skeleton rows={5} label="Loading messages" />
      ) : (
        <Empty
          title="The messages could not be loaded"
          action={<Button onClick={onRetry}>Try again</Button>}
        >
          {problem.message}
        </Empty>
      )}
    </div>
  );
}
