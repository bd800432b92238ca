import type { ReactNode } from 'react';

/** What stands where nothing is yet, or where something could not be shown. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center justify-center px-6 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children !== undefined && (
        <p className="text-muted mt-1 max-w-xs text-sm text-balance">{children}</p>
      )}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
