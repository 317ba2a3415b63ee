import { useLayoutEffect } from 'preact/hooks';
import { Icon } from './icon';
import { usePopup } from './popup';
import { useRoving } from './roving';

export interface MenuItem {
  readonly label: string;
  run(): void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: string;
  /** Asked for when it is opened, since what can be done may depend on what else is on the page. */
  items(): readonly MenuItem[];
}

/** A button that opens a short list of commands below itself. */
export function Menu({ label, icon, items: itemsNow }: MenuProps) {
  const { open, place, button, toggle, leave } = usePopup();
  const items = open ? itemsNow() : [];
  const { item, focus } = useRoving(items.length);
  useLayoutEffect(() => {
    if (open) focus(0);
  }, [open]);
  return (
    <div role="group" class="menu" ref={place} onKeyDown={(event) => event.key === 'Escape' && open && leave()}>
      <button
        type="button"
        class="button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        title={label}
        onClick={toggle}
      >
        <Icon name={icon} />
        <span class="label">{label}</span>
        <Icon name="chevron-down" />
      </button>
      {open && (
        <div role="menu" aria-label={label} class="menu-items">
          {items.map(({ label: text, run }, index) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              {...item(index)}
              onClick={() => {
                leave();
                run();
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
