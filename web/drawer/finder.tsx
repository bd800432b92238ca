import { SearchIcon } from '../ui/icons.tsx';

/** Narrows the drawer down to what matches. Enter opens the first match, Escape shows all. */
export function Finder({
  value,
  onChange,
  onEnter,
}: {
  value: string;
  onChange: (value: string) => void;
  onEnter: () => void;
}) {
  return (
    <label className="relative mx-3 mb-2 block shrink-0">
      <span className="sr-only">Find people and conversations</span>
      <SearchIcon className="text-muted pointer-events-none absolute start-2.5 top-2 size-5" />
      <input
        type="search"
        placeholder="Find"
        autoComplete="off"
        className="bg-hover h-9 w-full rounded-md border border-transparent ps-9 pe-2 text-sm"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('');
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) onEnter();
        }}
      />
    </label>
  );
}
