import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon';
import { usePopup } from '../../parts/popup';
import { useRoving } from '../../parts/roving';
import { toggled } from '../../view-state';
import type { Field } from './fields';

interface ColumnPickerProps {
  readonly fields: readonly Field[];
  readonly picked: ReadonlySet<string>;
  /** Nobody has picked any. */
  readonly isUsual: boolean;
  /** Undefined: the usual ones again. */
  onPick(fields: readonly string[] | undefined): void;
}

/** So many are listed at once; the filter finds the others. */
const most = 200;

/** Which parameters and metrics have a column. */
export function ColumnPicker({ fields, picked, isUsual, onPick }: ColumnPickerProps) {
  const { open, place, button, toggle, leave } = usePopup();
  return (
    <div
      role="group"
      class="menu picker"
      ref={place}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        leave();
      }}
    >
      <button
        type="button"
        class="button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        disabled={fields.length === 0}
        title="Choose parameters and metrics to show"
        onClick={toggle}
      >
        <Icon name="list-selection" /> Columns
      </button>
      {open && <FieldList fields={fields} picked={picked} isUsual={isUsual} onPick={onPick} />}
    </div>
  );
}

function FieldList({ fields, picked, isUsual, onPick }: ColumnPickerProps) {
  const [text, setText] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const id = useId();
  useLayoutEffect(() => search.current?.focus(), []);
  const found = fields.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  const shown = found.slice(0, most);
  const { item, focus } = useRoving(shown.length);
  const firstSame = shown.findIndex(({ differs }) => !differs);
  return (
    <div role="dialog" aria-label="Columns" class="menu-items picker-items">
      <label class="search">
        <Icon name="search" />
        <input
          type="text"
          ref={search}
          spellcheck={false}
          placeholder="Parameters and metrics"
          aria-label="Filter parameters and metrics"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            focus(0);
          }}
        />
      </label>
      <div class="picker-list">
        {shown.map((field, index) => {
          const { id: fieldId, kind, name, differs } = field;
          return (
            <>
              {index === 0 && differs && <h3>Differ between runs</h3>}
              {index === firstSame && <h3>Same in all runs that have them</h3>}
              <label key={fieldId}>
                <input
                  type="checkbox"
                  class="box"
                  id={`${id}-${index}`}
                  checked={picked.has(fieldId)}
                  {...item(index)}
                  onChange={() => onPick(toggled([...picked], fieldId))}
                />
                <span class="text">{name}</span>
                <span class="quiet">{kind === 'params' ? 'parameter' : 'metric'}</span>
              </label>
            </>
          );
        })}
        {shown.length === 0 && <p class="quiet">None is called so.</p>}
        {found.length > shown.length && <p class="quiet">{found.length - shown.length} more: filter for them.</p>}
      </div>
      <button type="button" class="link" disabled={isUsual} onClick={() => onPick(undefined)}>
        <Icon name="discard" /> Usual Columns
      </button>
    </div>
  );
}
