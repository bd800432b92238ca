import { usePresence } from '@rov/realtime/react';
import type { ChosenStatus } from '@rov/realtime/react';
import { useId, useState } from 'react';

import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { useAction } from '../ui/use-action.ts';

const CHOICES: readonly { status: ChosenStatus; name: string; meaning: string }[] = [
  {
    status: 'auto',
    name: 'As I am',
    meaning: 'Active while you are here, away after five minutes',
  },
  { status: 'away', name: 'Away', meaning: 'Never more than away' },
  { status: 'invisible', name: 'Invisible', meaning: 'Offline for everybody else' },
];

/** What others see of one's presence, on every device, until something else is chosen. */
export function ChooseStatus() {
  const { chosen, choose } = usePresence();
  const [asked, setAsked] = useState<ChosenStatus | null>(null);
  const choosing = useAction();
  const shown = isUnderWay(choosing) ? asked : chosen;
  const id = useId();

  function ask(status: ChosenStatus) {
    setAsked(status);
    void choosing.run(() => choose(status));
  }

  return (
    <fieldset>
      <legend className="text-muted pb-1 text-xs font-semibold">Others see me</legend>
      {CHOICES.map(({ status, name, meaning }) => (
        <div
          key={status}
          className="hover:bg-hover -mx-1 flex items-start gap-3 rounded-md px-1 transition-colors"
        >
          <input
            id={`${id} ${status}`}
            type="radio"
            name={id}
            className="accent-accent mt-2 size-4 shrink-0"
            checked={shown === status}
            onChange={() => ask(status)}
          />
          <label htmlFor={`${id} ${status}`} className="flex-1 py-1.5">
            {name}
            <span className="text-muted block text-sm">{meaning}</span>
          </label>
        </div>
      ))}
      <Refusal of={choosing} />
      {shown === 'unknown' && (
        <p className="text-muted mt-1 text-sm">
          What you chose is not known while nothing answers.
        </p>
      )}
    </fieldset>
  );
}
