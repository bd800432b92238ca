import { sentence } from '../state/sentence.ts';
import { Countdown } from '../ui/countdown.tsx';
import { TextButton } from '../ui/text-button.tsx';
import type { Action } from '../ui/use-action.ts';

/** What became of an action that did not go through: why, and that it goes on by itself where it does. */
export function ActionNote({ action: { state, dismiss } }: { action: Action }) {
  if (state.status === 'limited') {
    return (
      <span className="text-muted flex gap-x-3 px-1 pt-0.5 text-xs">
        <span>
          <span role="alert">Too much at once.</span> Again <Countdown until={state.until} />.
        </span>
        <TextButton onClick={dismiss}>Give up</TextButton>
      </span>
    );
  }
  if (state.status !== 'failed') return null;
  return (
    <span className="flex gap-x-3 px-1 pt-0.5 text-xs">
      <span role="alert" className="text-danger">
        {sentence(state.words)}
      </span>
      <TextButton onClick={dismiss}>OK</TextButton>
    </span>
  );
}
