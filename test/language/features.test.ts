import { readdirSync, readFileSync } from 'node:fs';
import { codeActionsIn } from '../../server/src/language/code-actions';
import { lensesOf } from '../../server/src/language/code-lens';
import { diagnosticsIn, statedIn } from '../../server/src/language/diagnostics';
import { type DocumentSymbol, symbolsOf } from '../../server/src/language/document-symbols';
import { hoverAt, type Known } from '../../server/src/language/hover';
import type { CheckReport, CheckResult, FileVersion } from '../../server/src/protocol';
import { Document } from '../../server/src/workspace/document';
import { applied, drawn } from '../editor-text';
import { assertGolden } from '../golden';
import { CURSOR, marked } from '../marked';

const fixtures = 'test/fixtures/language';

/** One test per file of the feature's folder, its answer held against the golden file beside it. */
function goldens(feature: string, answer: (file: string, text: string) => string): void {
  describe(`language/${feature}`, () => {
    const folder = `${fixtures}/${feature}`;
    for (const file of readdirSync(folder).filter((name) => !/\.(golden|actual)$/.test(name))) {
      it(file, () => assertGolden(`${folder}/${file}.golden`, answer(file, readFileSync(`${folder}/${file}`, 'utf8'))));
    }
  });
}

const opened = (file: string, text: string): Document => new Document(`file:///${file}`, 1, text);

const version: FileVersion = {
  path: '/orders.odcs.yaml',
  role: 'contract',
  tracker: 'git',
  status: 'modified',
  commit: '3f2c1e9a0b1c2d3e4f5061728394a5b6c7d8e9f0',
  author: 'Ada *Lovelace*',
  date: '2026-05-02T10:11:12+02:00',
  subject: 'Add [customers]',
  tag: 'v1.2.0',
  branch: 'main',
  sizeBytes: 100,
};

/** A last run in which all that is asked about `id` failed, and the row count was only warned about. */
function known(document: Document): Known {
  const { contract } = document;
  if (!contract) return { version, commands: true };
  const check = (id: string, kind: string, rest: Partial<CheckResult>): CheckResult => ({
    id,
    name: id,
    table: 'orders',
    column: null,
    dimension: null,
    kind,
    status: 'failed',
    severity: 'error',
    observed: 3,
    expected: '= 0',
    rows: 10,
    unexpectedCount: 3,
    unexpectedPercent: 30,
    samples: [],
    message: `${id} did not hold: 3 of 10 rows.`,
    location: { path: document.path, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
    ...rest,
  });
  const checks = [
    check('amount_there', 'nullValues', { column: 'amount' }),
    check('orders/id/required', 'required', { column: 'id' }),
    check('many', 'rowCount', { status: 'warning', severity: 'warning' }),
    check('orders/id/columnPresent', 'columnPresent', { column: 'id', status: 'passed' }),
    check('gone', 'nullValues', { column: 'nowhere' }),
  ];
  const report = { checks, data: [{ table: 'orders', ref: 'orders.csv', path: '/orders.csv', rows: 12345 }] };
  return { version, commands: true, run: { report: report as unknown as CheckReport, stated: statedIn(contract) } };
}

goldens('diagnostics', (file, text) => {
  const document = opened(file, text);
  const run = /# run/.test(text) ? known(document).run : undefined;
  return drawn(
    file,
    text,
    diagnosticsIn(document, run).map(({ fixes: [fix], ...rest }) => ({ ...rest, fix })),
  );
});

/** Every cursor of the file is hovered. */
goldens('hover', (file, text) => {
  const pieces = text.split(CURSOR);
  const document = opened(file, pieces.join(''));
  return pieces
    .slice(0, -1)
    .map((_, index) => {
      const offset = pieces.slice(0, index + 1).join('').length;
      const hover = hoverAt(document, offset, { ...known(document), now: new Date('2026-01-10T06:00:00Z') });
      const { line, character } = document.lines.position(offset);
      const over = hover ? `"${document.text.slice(hover.span.start, hover.span.end)}"` : 'nothing';
      return `${line + 1}:${character + 1} ${over}\n${(hover?.text ?? '').replaceAll(/^/gm, '  │ ')}\n`;
    })
    .join('\n');
});

goldens('code-lens', (file, text) => {
  const document = opened(file, text);
  const shown = lensesOf(document, known(document)).map(
    ({ span, title, command, arguments: given }) =>
      `${document.lines.position(span.start).line + 1} │ ${title}  → ${command} ${JSON.stringify(given)}`,
  );
  return `${shown.join('\n')}\n`;
});

goldens('document-symbols', (file, text) => {
  const shown = (symbols: readonly DocumentSymbol[], indent: string): string =>
    symbols
      .map(({ kind, name, detail, children, selection }) => {
        const selected = text.slice(selection.start, selection.end);
        return `${indent}${kind} ${name}${detail ? ` (${detail})` : ''} «${selected}»\n${shown(children, `${indent}  `)}`;
      })
      .join('');
  return shown(symbolsOf(opened(file, text)), '') || 'nothing\n';
});

goldens('code-actions', (file, text) => {
  const { document, offset } = marked(file, text);
  const shown = codeActionsIn(
    document,
    { start: offset, end: offset },
    /# all/.test(text) ? ['source'] : undefined,
  ).map(
    ({ title, kind, preferred, diagnostics, edits }) =>
      `${kind}${preferred ? ' preferred' : ''}: ${title}  (${diagnostics.map(({ code }) => code).join(', ')})\n${applied(
        document.text,
        edits,
      ).replaceAll(/^/gm, '  │ ')}`,
  );
  return `${shown.join('\n') || 'nothing'}\n`;
});
