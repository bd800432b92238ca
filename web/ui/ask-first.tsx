import { useEffect, useRef } from 'react';

import { Button } from './button.tsx';
import { isUnderWay, Refusal } from './refusal.tsx';
import type { Action } from './use-action.ts';
import { useReturnFocus } from './use-return-focus.ts';

/** A question before something that cannot be taken back. */
export function AskFirst({
  question,
  answer,
  action,
  onYes,
  onNo,
}: {
  question: string;
  /** On the button that does it. */
  answer: string;
  action: Action;
  onYes: () => void;
  onNo: () => void;
}) {
  const box = useRef<HTMLFieldSetElement>(null);
  useReturnFocus(box);
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  return (
    <fieldset ref={box} className="border-line mt-2 rounded-md border p-3">
      <legend className="float-start wrap-anywhere">{question}</legend>
      <div className="clear-both">
        <Refusal of={action} />
        <div className="flex justify-end gap-2 pt-3">
          <Button onClick={onNo}>Cancel</Button>
          <Button look="danger" disabled={isUnderWay(action)} onClick={onYes}>
            {answer}
          </Button>
        </div>
      </div>
    </fieldset>
  );
}
