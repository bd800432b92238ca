/** Where rows will be. `label` says it to those who do not see it. */
export function Skeleton({ rows, label }: { rows: number; label: string }) {
  return (
    <output aria-label={label} className="mt-4 block space-y-4">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex animate-pulse items-center gap-3">
          <div className="bg-hover size-9 shrink-0 rounded-full" />
          <div className="flex-1 space-y-2">
            <div className="bg-hover h-3 w-2/5 rounded-sm" />
            <div className="bg-hover h-3 w-4/5 rounded-sm" />
          </div>
        </div>
      ))}
    </output>
  );
}
