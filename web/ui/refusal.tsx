import { sentence } from '../state/sentence.ts';
import { Countdown } from './countdown.tsx';
import { Note } from './note.tsx';
import type { Action } from './use-action.ts';

const WORDS: Record<string, string> = {
  last_owner: 'A group needs an owner, and there is no other. Make somebody else an owner first.',
  role_required: 'Your role in this group does not allow this any more.',
};

/** Why something was not done, or when it is tried again. Nothing where nothing was refused. */
export function Refusal({ of: { state, dismiss } }: { of: Action }) {
  if (state.status === 'limited') {
    return (
      <Note>
        Too much at once. Again{' '}
        <span aria-live="off">
          <Countdown until={state.until} />
        </span>
        .{' '}
        <button type="button" className="font-medium underline" onClick={dismiss}>
          Give up
        </button>
      </Note>
    );
  }
  if (state.status !== 'failed') return null;
  return <Note tone="danger">{WORDS[state.code] ?? sentence(state.words)}</Note>;
}

/** Whether an answer is waited for, or the time to ask again. */
export function isUnderWay({ state }: Action): boolean {
  return state.status === 'busy' || state.status === 'limited';
}
