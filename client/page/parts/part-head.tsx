import type { ComponentChildren } from 'preact';
import { post } from '../editor';
import { tabSeparated } from '../numbers';
import { Icon } from './icon';

interface PartHeadProps {
  /** What stands for what. */
  readonly legend: ComponentChildren;
  readonly asTable: boolean;
  onAsTable(): void;
  /** The table as other programs read it: unrounded, in no language. */
  plainTable(): readonly (readonly string[])[];
  /** What else can be done with this picture. */
  readonly children?: ComponentChildren;
}

/** What every picture has over it: its legend, and the same as a table and for the clipboard. */
export function PartHead({ legend, asTable, onAsTable, plainTable, children }: PartHeadProps) {
  return (
    <div class="part-head">
      <h2 class="legend">{legend}</h2>
      <div class="part-actions">
        {children}
        <button type="button" class="link" aria-pressed={asTable} onClick={onAsTable}>
          <Icon name={asTable ? 'graph' : 'table'} /> {asTable ? 'Show as Chart' : 'Show as Table'}
        </button>
        <button type="button" class="link" onClick={() => post({ type: 'copy', text: tabSeparated(plainTable()) })}>
          <Icon name="copy" /> Copy
        </button>
      </div>
    </div>
  );
}
