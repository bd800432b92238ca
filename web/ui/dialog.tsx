import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

import { useReturnFocus } from './use-return-focus.ts';

const PLACES = {
  middle: 'm-auto max-w-sm rounded-lg border',
  side: 'ms-auto me-0 my-0 h-full max-h-none max-w-sm sm:border-s',
};

/** A modal dialog: the focus stays in it, Escape closes it, and then the focus is back where it was. */
export function Dialog({
  label,
  place = 'middle',
  onClose,
  children,
}: {
  label: string;
  place?: keyof typeof PLACES;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useReturnFocus(dialog);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      className={`border-line bg-raised text-ink shadow-float w-full ${PLACES[place]}`}
      onClose={onClose}
    >
      {children}
    </dialog>
  );
}
