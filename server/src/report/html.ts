import { createHash } from 'node:crypto';
import type { ReportPicture } from '../protocol';
import { number } from '../text/words';
import type { Format } from './format';
import { driftSheet, effectOfCase, heatOf, pictureOf } from './html-drift';
import { escaped as text } from './html-text';
import { type Case, countsOf, countWords, type Outcome, outcomeOf, type Suite, statuses } from './outcome';

/** One page that needs nothing else: no script, no file beside it, no network, light or dark as its reader has it. */
export const html: Format = {
  id: 'html',
  write: (report, { pictures = [] }) => pageOf(outcomeOf(report, 'HTML'), pictures),
};

const sheet = `
:root { color-scheme: light dark; --line: #8885; --bad: #b3261e; --warn: #8a5a00; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --warn: #ffc46b; --good: #7fd69b; } }
body { max-width: 1200px; margin: 2em auto; padding: 0 1em; font: 14px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4em; } h2 { margin-top: 1.8em; font-size: 1.1em; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: 3px 14px 3px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; } summary { cursor: pointer; margin: .8em 0; } footer { margin-top: 2em; }
.note { padding-left: .8em; border-left: 3px solid var(--line); }
.failed, .error { color: var(--bad); font-weight: 600; } .warning { color: var(--warn); font-weight: 600; } .passed { color: var(--good); }
`;

/** The policy names the one style sheet by its hash: nothing that the data says could style or run. */
const policyFor = (sheet: string, pictures: readonly ReportPicture[]): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(sheet).digest('base64')}'`,
    ...(pictures.length > 0 ? ['img-src data:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

function pageOf({ tool, verb, suites }: Outcome, pictures: readonly ReportPicture[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const looks = verb === 'drift' ? `${sheet}${driftSheet}` : sheet;
  const title = `Plumbline ${verb}: ${countWords(all)}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyFor(looks, pictures)}">
<title>${text(title)}</title>
<style>${looks}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
${[...pictures.map(figureOf), ...suites.map(sectionOf)].join('\n')}
</main>
<footer>${text(`Plumbline ${tool.version}`)}</footer>
</body>
</html>
`;
}

/** As an image, which runs nothing and reaches nothing, whatever it holds. */
const figureOf = ({ caption, svg }: ReportPicture): string =>
  `<figure><img alt="${text(caption)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"></figure>`;

/** Of a table; a page of more rows is read by nobody, and the JSON has all of them. */
const MOST_ROWS = 1000;

function sectionOf({ name, startedAt, durationMs, facts, notes = [], cases }: Suite): string {
  const sorted = [...cases].sort(
    (a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status) || effectOfCase(b) - effectOfCase(a),
  );
  const isBad = ({ status }: Case) => status !== 'passed' && status !== 'skipped';
  const when = startedAt ? [['started', startedAt] as const, ['took', `${number(durationMs)} ms`] as const] : [];
  const rest = sorted.filter((one) => !isBad(one));
  return [
    `<section>`,
    `<h2>${text(name)}</h2>`,
    `<p>${text(countWords(cases))}</p>`,
    ...notes.map((note) => `<p class="note">${text(note)}</p>`),
    heatOf(cases),
    tableOf(sorted.filter(isBad)),
    rest.length > 0
      ? `<details${rest.length === cases.length ? ' open' : ''}><summary>${text(restWords(rest))}</summary>${tableOf(rest)}</details>`
      : '',
    factsOf([...when, ...facts]),
    `</section>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function restWords(rest: readonly Case[]): string {
  const { passed, skipped } = countsOf(rest);
  return `${number(passed)} passed, ${number(skipped)} skipped`;
}

function tableOf(cases: readonly Case[]): string {
  if (cases.length === 0) return '';
  const shown = cases.slice(0, MOST_ROWS);
  const pictures = shown.map(pictureOf);
  const isDrawn = pictures.some((picture) => picture !== '');
  const names = ['status', 'place', 'check', ...(isDrawn ? ['reference (line) and current'] : []), 'found', 'line'];
  const head = names.map((name) => `<th scope="col">${name}</th>`).join('');
  const rows = shown.map((one, at) => rowOf(one, isDrawn ? pictures[at] : undefined));
  const left = cases.length - MOST_ROWS;
  const note = left > 0 ? `<p>${text(`… and ${number(left)} more`)}</p>` : '';
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>${note}`;
}

/** @param picture HTML; undefined in a table that has none. */
function rowOf({ status, place, name, message, location }: Case, picture: string | undefined): string {
  const line = location?.range ? `${location.path}:${location.range.start.line + 1}` : (location?.path ?? '');
  const drawn = picture === undefined ? [] : [picture];
  const cells = [text(place), text(name), ...drawn, text(message), text(line)].map((cell) => `<td>${cell}</td>`);
  return `<tr><td class="${status}">${status}</td>${cells.join('')}</tr>`;
}

function factsOf(facts: readonly (readonly [string, string])[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(([name, value]) => `<tr><th scope="row">${text(name)}</th><td>${text(value)}</td></tr>`);
  return `<details><summary>What it was run on</summary><div class="scroll"><table>${rows.join('')}</table></div></details>`;
}
