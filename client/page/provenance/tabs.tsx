import type { ComponentChildren } from 'preact';
import { useRoving } from '../parts/roving';
import type { ViewName } from './page-state';

export interface Tab {
  readonly view: ViewName;
  readonly label: string;
  /** How much there is to see. */
  readonly count?: number;
}

interface TabsProps {
  readonly tabs: readonly Tab[];
  readonly shown: ViewName;
  readonly children: ComponentChildren;
  onShow(view: ViewName): void;
}

const panelId = 'view';
const tabId = (view: ViewName) => `tab-${view}`;

/** The views of a report under tabs, which the arrow keys go through. */
export function Tabs({ tabs, shown, children, onShow }: TabsProps) {
  const at = tabs.findIndex(({ view }) => view === shown);
  const { item } = useRoving(tabs.length);
  return (
    <>
      <div role="tablist" class="tabs stay" aria-label="Views">
        {tabs.map(({ view, label, count }, index) => (
          <button
            key={view}
            type="button"
            role="tab"
            id={tabId(view)}
            class="tab"
            aria-selected={view === shown}
            aria-controls={panelId}
            {...item(index)}
            // The shown view has the stop of the keyboard, whichever tab had the focus last.
            tabIndex={index === at ? 0 : -1}
            onClick={() => onShow(view)}
          >
            {label}
            {count !== undefined && <span class="quiet figure"> {count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={panelId} class="view" aria-labelledby={tabId(shown)}>
        {children}
      </div>
    </>
  );
}
