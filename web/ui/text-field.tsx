import { useId } from 'react';
import type { InputHTMLAttributes } from 'react';

/** One line of text with its name above it. */
export function TextField({
  label,
  onChange,
  ...rest
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'id' | 'className'> & {
  label: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label className="block text-sm font-medium" htmlFor={id}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        autoComplete="off"
        className="border-edge bg-canvas mt-1 h-9 w-full rounded-md border px-2"
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
