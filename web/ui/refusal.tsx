import type { Action } from '../chat/use-action.ts';
import { Note } from './note.tsx';

const WORDS: Record<string, string> = {
  last_owner: 'A group needs an owner, and there is no other. Make somebody else an owner first.',
  role_required: 'Your role in this group does not allow this any more.',
};

/** Why something was not done, and when it may be tried again. Nothing where nothing was refused. */
export function Refusal({ of: { problem, waitS } }: { of: Action }) {
  if (problem === null) return null;
  return (
    <Note tone="danger">
      {WORDS[problem.code] ?? problem.message}
      {waitS > 0 && <span aria-hidden="true"> Try again in {waitS} s.</span>}
    </Note>
  );
}
