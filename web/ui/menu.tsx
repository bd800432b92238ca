import type { ButtonHTMLAttributes, KeyboardEvent, ReactNode, Ref, ToggleEvent } from 'react';

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * A menu that a button opens by its `popoverTarget`. The browser closes it on Escape or a click elsewhere and gives the
 * focus back; arrow keys walk, and whatever is chosen closes it.
 */
export function Menu({
  id,
  label,
  menu: given,
  children,
}: {
  id: string;
  label: string;
  menu?: Ref<HTMLDivElement>;
  children: ReactNode;
}) {
  function onToggle({ newState, currentTarget }: ToggleEvent<HTMLDivElement>) {
    if (newState === 'open') itemsOf(currentTarget)[0]?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    event.stopPropagation();
    const items = itemsOf(event.currentTarget);
    const at = items.findIndex((item) => item === document.activeElement);
    const step = STEPS[event.key];
    const edge = { Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Tab') event.currentTarget.hidePopover();
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    items[edge ?? (at + (step ?? 0) + items.length) % items.length]?.focus();
  }

  return (
    <div
      ref={given}
      id={id}
      popover="auto"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className="border-line bg-raised text-ink shadow-float beside-opener m-auto w-56 rounded-lg border p-1"
      onToggle={onToggle}
      onKeyDown={onKeyDown}
      onClick={({ currentTarget }) => currentTarget.hidePopover()}
    >
      {children}
    </div>
  );
}

type ItemProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'role'>;

export function MenuItem({ danger = false, ...rest }: ItemProps & { danger?: boolean }) {
  return (
    <button
      {...rest}
      type="button"
      role="menuitem"
      className={`hover:bg-hover focus-visible:bg-hover flex min-h-9 w-full items-center rounded-md px-3 text-start text-sm ${danger ? 'text-danger' : ''}`}
    />
  );
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}
