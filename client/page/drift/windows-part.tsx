import { useRef, useState } from 'preact/hooks';
import type { DriftColumn } from '../../../server/src/protocol';
import { heatPicture } from '../charts/heat-picture';
import { post } from '../editor';
import { count, tabSeparated } from '../numbers';
import { DataTable } from '../parts/data-table';
import { Icon } from '../parts/icon';
import { usePicture } from '../parts/pictures';
import { useRoving } from '../parts/roving';
import { effectOf } from './effect';
import { HeatMap, strengthOf, timesLimit } from './heat-map';
import { plainTable } from './over-time-part';
import { WindowLines } from './window-lines';
import { startName } from './window-names';
import type { Heat } from './windows';

interface WindowsPartProps {
  readonly heat: Heat;
  readonly picked: DriftColumn | undefined;
  onPick(column: DriftColumn | undefined): void;
}

const looks = { map: 'Heat Map', lines: 'Lines', table: 'Show as Table' } as const;
type Look = keyof typeof looks;
const lookIds = Object.keys(looks) as readonly Look[];

/** All columns over all windows: as a map, as lines, or as a table. */
export function WindowsPart({ heat, picked, onPick }: WindowsPartProps) {
  const [look, setLook] = useState<Look>('map');
  const drawing = useRef<HTMLDivElement>(null);
  const { item } = useRoving(lookIds.length);
  usePicture({
    name: 'drift-heat-map',
    caption: 'Each column in each window against its limit (1 is the limit)',
    svg: () => {
      const picture = heatPicture(heat);
      // Only what is in the document has colours.
      drawing.current?.replaceChildren(picture);
      return picture;
    },
  });
  const copied = () => plainTable(heat.rows.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined)));
  return (
    <>
      <div class="part-head">
        <div role="group" class="choice" aria-label="Windows as">
          {lookIds.map((id, at) => (
            <button key={id} type="button" aria-pressed={id === look} {...item(at)} onClick={() => setLook(id)}>
              {looks[id]}
            </button>
          ))}
        </div>
        {look === 'map' && <Key />}
        {look === 'lines' && <span class="quiet">The dashed line is the limit.</span>}
        <div class="part-actions">
          <button type="button" class="link" onClick={() => post({ type: 'copy', text: tabSeparated(copied()) })}>
            <Icon name="copy" /> Copy
          </button>
        </div>
      </div>
      {look === 'map' && <HeatMap heat={heat} picked={picked} onPick={onPick} />}
      {look === 'lines' && <WindowLines heat={heat} picked={picked} onPick={onPick} />}
      {look === 'table' && <HeatTable heat={heat} />}
      <div class="drawing" aria-hidden="true" ref={drawing} />
    </>
  );
}

/** What the strengths of the scale stand for. */
function Key() {
  return (
    <span class="heat-key quiet">
      {[0.2, 0.8, 1, 2, 8].map((effect) => (
        <span
          key={effect}
          class={`heat-swatch ${effect >= 1 ? 'beyond' : ''}`}
          style={{ '--heat': `${strengthOf(effect)}%` }}
        >
          {effect}
        </span>
      ))}
      <span title="p-values by orders of magnitude">times the limit</span>
      <span class="heat-swatch began" />
      <span>drift began</span>
    </span>
  );
}

/** A table of more rows would make the page slow; the copy has all of them. */
const mostRows = 100;

function HeatTable({ heat: { rows, windows } }: { readonly heat: Heat }) {
  const shown = rows.slice(0, mostRows);
  return (
    <>
      <DataTable
        label="Columns by windows: each figure as a multiple of its limit"
        columns={[{ label: 'column' }, ...windows.map((window) => ({ label: startName(window), end: true }))]}
        rows={shown.map(({ name, cells }) => [
          name,
          ...cells.map((cell) => {
            const effect = cell && effectOf(cell);
            return effect === undefined ? '–' : cell?.drifted ? <b>{timesLimit(effect)}</b> : timesLimit(effect);
          }),
        ])}
      />
      {rows.length > shown.length && (
        <p class="quiet">
          The first {count(shown.length)} of {count(rows.length)} columns; Copy has all of them.
        </p>
      )}
    </>
  );
}
