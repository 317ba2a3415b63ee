import { effectOf } from '../drift/effect';
import { strengthOf, timesLimit } from '../drift/heat-map';
import { startName } from '../drift/window-names';
import type { Heat } from '../drift/windows';

const namespace = 'http://www.w3.org/2000/svg';
const rowHeight = 20;
const nameWidth = 170;
const head = 20;
/** A file of more rows than this is no picture any more; the table has all of them. */
const mostRows = 200;

/** The whole heat map as one drawing, in the classes that the page's sheet gives their colours. */
export function heatPicture({ rows, windows }: Heat): SVGSVGElement {
  const shown = rows.slice(0, mostRows);
  const cell = Math.min(60, Math.max(12, Math.floor(1200 / windows.length)));
  const svg = part(
    'svg',
    { viewBox: `0 0 ${nameWidth + windows.length * cell} ${head + shown.length * rowHeight}` },
    'heat-picture',
  );
  const every = Math.max(1, Math.ceil(88 / cell));
  for (const [at, window] of windows.entries())
    if (at % every === 0 && at + every <= windows.length)
      svg.append(text(startName(window), nameWidth + at * cell, 13, 'tick-label'));
  for (const [at, { name, cells, began }] of shown.entries()) {
    const y = head + at * rowHeight;
    svg.append(text(name.length > 24 ? `${name.slice(0, 23)}…` : name, 0, y + 14, 'row-label'));
    for (const [column, one] of cells.entries()) {
      const effect = one && effectOf(one);
      const x = nameWidth + column * cell;
      const box = part(
        'rect',
        { x: x + 0.5, y: y + 0.5, width: cell - 1, height: rowHeight - 1 },
        `heat-box ${one?.drifted ? 'beyond' : ''}`,
      );
      box.style.setProperty('--heat', `${strengthOf(effect)}%`);
      svg.append(box);
      if (began === column) svg.append(part('rect', { x, y: y + 1, width: 3, height: rowHeight - 2 }, 'heat-began'));
      if (cell >= 30 && effect !== undefined) {
        const label = text(timesLimit(effect), x + cell / 2, y + 14, `heat-number ${one?.drifted ? 'beyond' : ''}`);
        svg.append(label);
      }
    }
  }
  return svg;
}

function part<K extends 'svg' | 'rect' | 'text'>(
  name: K,
  attributes: Readonly<Record<string, string | number>>,
  classes: string,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.setAttribute('class', classes);
  return element;
}

function text(words: string, x: number, y: number, classes: string): SVGTextElement {
  const element = part('text', { x, y }, classes);
  element.textContent = words;
  return element;
}
