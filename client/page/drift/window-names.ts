import type { DriftColumn } from '../../../server/src/protocol';
import { instant } from '../times';
import { millisecondsOf, seriesName, type Window } from './windows';

/** The column, with the segment and window that a row is about. */
export function partName(column: DriftColumn): string {
  const name = seriesName(column);
  if (!column.window) return name;
  return `${name}${column.segment ? ', ' : ' · '}${windowName(column.window)}`;
}

/** `1 Jun 2013 – 8 Jun 2013`; the text itself when it is no time. */
export function windowName(window: Window): string {
  return `${startName(window)} – ${timeName(window.end, window)}`;
}

/** When a window begins. */
export function startName(window: Window): string {
  return timeName(window.start, window);
}

const day = 86_400_000;

function timeName(text: string, { start, end }: Window): string {
  const time = millisecondsOf(text);
  if (time === undefined) return text;
  const step = (millisecondsOf(end) ?? time) - (millisecondsOf(start) ?? time);
  const isWhole = step >= day || (time % day === 0 && step === 0);
  return instant(time, isWhole ? day : step);
}
