import { useRef, useState } from 'react';
import type { ReactNode } from 'react';

import { Button } from './button.tsx';
import { useReturnFocus } from './use-return-focus.ts';

/** A button that shows what belongs to it below; what is shown folds itself away when it is done. */
export function Unfolding({
  label,
  children,
}: {
  label: string;
  children: (fold: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      {open && <Unfolded>{children(() => setOpen(false))}</Unfolded>}
    </div>
  );
}

function Unfolded({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box);
  return (
    <div ref={box} className="border-line mt-2 rounded-md border p-3">
      {children}
    </div>
  );
}
