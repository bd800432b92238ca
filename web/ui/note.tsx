import type { ReactNode } from 'react';

const TONES = { notice: 'bg-notice text-on-notice', danger: 'text-danger border border-danger' };

/** A sentence that the user should not miss; screen readers say it at once. */
export function Note({
  tone = 'notice',
  children,
}: {
  tone?: keyof typeof TONES;
  children: ReactNode;
}) {
  return (
    <p role="alert" className={`mt-3 rounded-md px-3 py-2 text-sm ${TONES[tone]}`}>
      {children}
    </p>
  );
}
