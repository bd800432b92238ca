import type { ButtonHTMLAttributes } from 'react';

const LOOKS = {
  plain: 'border border-line bg-raised text-ink hover:bg-hover',
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'text-accent hover:bg-hover',
  danger: 'border border-danger bg-raised text-danger hover:bg-hover',
};

export function Button({
  look = 'plain',
  className = '',
  type = 'button',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      {...rest}
      type={type === 'submit' ? 'submit' : 'button'}
      className={`min-h-9 rounded-md px-3 py-1 text-sm font-medium transition-colors disabled:opacity-50 ${LOOKS[look]} ${className}`}
    />
  );
}

/** A button that is only an icon: `label` is its name and its tooltip. */
export function IconButton({
  label,
  className = '',
  ...rest
}: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & { label: string }) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={label}
      title={label}
      className={`text-muted hover:bg-hover hover:text-ink grid size-9 shrink-0 place-items-center rounded-md transition-colors ${className}`}
    />
  );
}
