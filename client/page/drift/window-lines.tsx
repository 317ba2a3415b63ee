import { useState } from 'preact/hooks';
import type { DriftColumn } from '../../../server/src/protocol';
import { count } from '../numbers';
import { effectOf } from './effect';
import { position } from './limit-scale';
import { startName } from './window-names';
import type { Heat, HeatRow } from './windows';

interface WindowLinesProps {
  readonly heat: Heat;
  readonly picked: DriftColumn | undefined;
  onPick(column: DriftColumn | undefined): void;
}

/** So many lines stand on the page at first, and so many more each time one asks. */
const batch = 24;
const width = 200;
const height = 44;

/** One small line a column, its limit in the middle of each, so that all of them can be compared. */
export function WindowLines({ heat, picked, onPick }: WindowLinesProps) {
  const [shown, setShown] = useState(batch);
  const more = Math.min(batch, heat.rows.length - shown);
  return (
    <>
      <ul class="lines">
        {heat.rows.slice(0, shown).map((row) => (
          <li key={row.name}>
            <Line row={row} heat={heat} picked={picked} onPick={onPick} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="link" onClick={() => setShown(shown + batch)}>
          Show {count(more)} More of {count(heat.rows.length - shown)}
        </button>
      )}
    </>
  );
}

function Line({ row, heat, picked, onPick }: WindowLinesProps & { readonly row: HeatRow }) {
  const newest = row.cells.findLast((cell) => cell !== undefined);
  const began = row.began === undefined ? undefined : heat.windows[row.began];
  const drifted = row.cells.filter((cell) => cell?.drifted).length;
  const since = began ? `since ${startName(began)}` : wordFor(row, drifted);
  const isPicked = picked !== undefined && row.cells.includes(picked);
  return (
    <button
      type="button"
      class="line-card"
      aria-pressed={isPicked}
      aria-label={`${row.name} over ${row.cells.length} windows: beyond its limit in ${drifted}${began ? `, ${since}` : ''}`}
      onClick={() => onPick(isPicked ? undefined : (row.cells[row.began ?? -1] ?? newest))}
    >
      <span class="line-name">
        <span class="text code">{row.name}</span>
        <span class="text quiet">{since}</span>
      </span>
      <svg class="window-line" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {row.began !== undefined && <path class="began" d={`M${xOf(row.began, row)} 0V${height}`} />}
        <path class="limit-line" d={`M0 ${height / 2}H${width}`} />
        <path class="series" d={pathOf(row)} />
        <path class="dots within" d={dotsOf(row, false)} />
        <path class="dots beyond" d={dotsOf(row, true)} />
      </svg>
    </button>
  );
}

function wordFor({ cells, largest }: HeatRow, drifted: number): string {
  if (drifted > 0) return `in ${drifted} of ${cells.length}`;
  return largest < 0 ? 'not judged' : 'within limit';
}

const xOf = (at: number, { cells }: HeatRow) => Math.round(((at + 0.5) / cells.length) * width * 10) / 10;

/** Its height over the ground, the limit half way up; undefined where it is not judged. */
function yOf(cell: DriftColumn | undefined): number | undefined {
  const effect = cell && effectOf(cell);
  return effect === undefined ? undefined : Math.round((3 + (height - 6) * (1 - position(effect))) * 10) / 10;
}

/** Broken where a window is not judged. */
function pathOf(row: HeatRow): string {
  let pen = 'M';
  return row.cells
    .map((cell, at) => {
      const y = yOf(cell);
      const step = y === undefined ? '' : `${pen}${xOf(at, row)} ${y}`;
      pen = y === undefined ? 'M' : 'L';
      return step;
    })
    .join('');
}

/** Lines of no length with round ends: they stay round however the picture is stretched. */
function dotsOf(row: HeatRow, beyond: boolean): string {
  return row.cells
    .map((cell, at) => {
      const y = yOf(cell);
      return y === undefined || Boolean(cell?.drifted) !== beyond ? '' : `M${xOf(at, row)} ${y}h0`;
    })
    .join('');
}
