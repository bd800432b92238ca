import type { ButtonHTMLAttributes } from 'react';

/** A button among small words, without a box. */
export function TextButton(props: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'>) {
  return <button {...props} type="button" className="text-accent font-medium hover:underline" />;
}
