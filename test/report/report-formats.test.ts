import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { CheckReport, CheckResult, DriftReport, LintReport, ProvenanceReport } from '../../server/src/protocol';
import { formats } from '../../server/src/report/formats';
import { html } from '../../server/src/report/html';
import { junit } from '../../server/src/report/junit';
import { markdown } from '../../server/src/report/markdown';
import { sarif } from '../../server/src/report/sarif';
import { formatsOf } from '../../server/src/report/verbs';
import { Unreadable } from '../../server/src/world';
import { assertGolden } from '../golden';

/** It starts a worker from a file of its own, which a bundle has not. */
const { validateXML }: typeof import('xmllint-wasm') = createRequire(resolve('package.json'))('xmllint-wasm');

const plain = { color: false, quiet: false };
const tool = { name: 'plumbline', version: '1.2.3' } as const;
const at = (line: number) => ({
  path: 'contracts/my orders.odcs.yaml',
  range: { start: { line, character: 2 }, end: { line, character: 9 } },
});

const check: CheckResult = {
  id: 'orders/amount/maximum',
  name: 'maximum',
  table: 'orders',
  column: 'amount',
  dimension: 'validity',
  kind: 'maximum',
  status: 'failed',
  severity: 'error',
  observed: 1,
  expected: '≤ 100',
  rows: 5,
  unexpectedCount: 1,
  unexpectedPercent: 20,
  samples: [{ row: 4, values: { amount: 'sample-of-a-row' } }],
  message: 'Column "amount" should be at most 100,\n but 1 of 5 rows is above.',
  location: at(34),
};

const checkReport = (checks: readonly CheckResult[]): CheckReport => ({
  schemaVersion: 1,
  tool,
  verb: 'check',
  contract: { path: 'contracts/my orders.odcs.yaml', dialect: 'odcs', version: '1.2.0' },
  engine: { name: 'duckdb', version: '1.5.5' },
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 1234,
  checks,
  summary: { passed: 1, failed: 1, warning: 1, error: 1, skipped: 1, status: 'failed' },
  data: [
    {
      table: 'orders',
      ref: 'https://me:geheim@example.org/orders.csv?key=geheim',
      path: 'orders.csv',
      rows: 5,
      notes: ['orders.csv is read as <Windows-1252>.'],
    },
  ],
  provenance: [],
});

const all = checkReport([
  check,
  { ...check, id: 'a', name: 'minimum', kind: 'minimum', status: 'passed', message: '', location: at(35) },
  { ...check, id: 'b', name: 'known', kind: 'invalidValues', status: 'warning', severity: 'warning', location: at(26) },
  { ...check, id: 'c', name: 'own', kind: 'sql', column: null, status: 'error', message: 'No such column: x | y.' },
  { ...check, id: 'd', name: 'read', kind: 'text', column: null, status: 'skipped', message: 'For people to read.' },
]);

const lint: LintReport = {
  schemaVersion: 1,
  tool,
  verb: 'lint',
  files: [
    {
      path: 'a.odcs.yaml',
      dialect: 'odcs',
      diagnostics: [
        { code: 'schema/unknown-key', severity: 'error', message: 'No "requird".', range: at(3).range, fix: null },
        { code: 'schema/unknown-key', severity: 'error', message: 'No "requird".', range: at(9).range, fix: null },
        { code: 'contract/owner-missing', severity: 'hint', message: 'Nobody owns it.', range: at(0).range, fix: null },
      ],
    },
    { path: 'b.odcs.yaml', dialect: 'odcs', diagnostics: [] },
  ],
  summary: { error: 2, warning: 0, info: 0, hint: 1, files: 2 },
};

const driftReport = (drifted: boolean): DriftReport => {
  const side = { histogram: null, rows: 1, nulls: 0, mean: null, median: null };
  const column = {
    column: 'amount',
    type: 'numerical',
    method: 'psi',
    statistic: 0.31,
    pValue: null,
    threshold: 0.2,
    drifted: true,
    decidedBy: 'statistic',
    reason: null,
    segment: null,
    window: null,
    parameters: {},
    moved: 'median 3 → 9',
    reference: side,
    current: side,
  } as const;
  return {
    schemaVersion: 1,
    tool,
    verb: 'drift',
    preset: 'plumbline',
    reference: { ref: 'january.csv', rows: 10 },
    current: { ref: 'july.csv', rows: 12 },
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 10,
    columns: [
      column,
      { ...column, column: 'city', drifted: null, method: null, moved: null, reason: 'Only one value.' },
      { ...column, drifted: false, moved: null, segment: { city: 'Oslo' } },
    ],
    dataset: { drifted, driftedColumns: 1, columns: 2, share: 0.5, threshold: 0.5, method: 'share' },
    engine: { name: 'duckdb', version: '1.5.5' },
    provenance: [],
  };
};

const claim = { expected: 'a', found: 'a', location: { ...at(7), path: 'x.experiment.yaml' } };
const provenance: ProvenanceReport = {
  schemaVersion: 1,
  tool,
  verb: 'provenance',
  target: 'x.experiment.yaml',
  code: {
    commit: 'abc',
    branch: 'main',
    tag: null,
    dirty: false,
    changed: [],
    remote: 'https://t:geheim@github.com/a/b',
  },
  datasets: [],
  runs: [],
  models: [],
  environment: { lockFiles: [], images: [], notebooks: [] },
  findings: [
    { code: 'manifest/commit-unknown', severity: 'error', message: 'No commit def.', location: claim.location },
    { code: 'provenance/no-git', severity: 'info', message: 'No repository.', location: null },
  ],
  claims: [
    { ...claim, claim: 'code.commit', verdict: 'false', message: 'No commit def.' },
    { ...claim, claim: 'code.repository', verdict: 'verified', message: 'The remote is that.' },
    { ...claim, claim: 'owner', verdict: 'missing', message: 'Nobody is named.' },
  ],
  files: [],
};

const reports = {
  check: all,
  checks: {
    schemaVersion: 1,
    tool,
    verb: 'check',
    startedAt: all.startedAt,
    durationMs: 1,
    runs: [all, checkReport([])],
    summary: all.summary,
  },
  lint,
  drift: driftReport(true),
  monitors: {
    schemaVersion: 1,
    tool,
    verb: 'drift',
    startedAt: all.startedAt,
    durationMs: 1,
    runs: [driftReport(false)],
    notRun: [{ name: 'far', reason: 'Its data lie elsewhere.', location: at(2) }],
    summary: { drifted: 0, notDrifted: 1, notRun: 1 },
  },
  provenance,
} as const;

/** What people and data may put into names and messages. */
const hostile = (words: string): CheckReport =>
  checkReport([
    { ...check, name: words, table: words, message: words },
    { ...check, id: words, status: 'skipped', message: words },
  ]);
const nasty = [
  '<img src=x onerror=alert(1)> & "quotes" \'too\' ]]> <!-- -->',
  'nul \0 bell \u0007 half \ud800 last \uffff emoji 🚀 combining é',
  '</details>|`code` *bold* [link](https://evil.example) @someone #1',
  'x'.repeat(100_000),
];

const validSarif = addFormats(new Ajv({ strict: true, allErrors: true })).compile(
  JSON.parse(readFileSync('test/fixtures/report/sarif-2-1-0.schema.json', 'utf8')),
);

function assertSarif(text: string): void {
  assert.ok(validSarif(JSON.parse(text)), JSON.stringify(validSarif.errors?.slice(0, 3)));
}

async function assertJunit(text: string): Promise<void> {
  const schema = { fileName: 'junit.xsd', contents: readFileSync('test/fixtures/report/junit.xsd', 'utf8') };
  const { valid, errors } = await validateXML({ xml: { fileName: 'report.xml', contents: text }, schema: [schema] });
  assert.ok(valid, errors.map(({ message }) => message).join('\n'));
}

describe('reports for pipelines and readers', function () {
  this.timeout(30_000);

  const endings = { junit: 'xml', sarif: 'sarif', markdown: 'md', html: 'html' };
  for (const [name, report] of Object.entries(reports))
    for (const format of [junit, sarif, markdown, html])
      it(`${format.id} of ${name}`, () => {
        const ending = endings[format.id as keyof typeof endings];
        assertGolden(`test/fixtures/report/formats/${name}.${ending}.golden`, format.write(report, plain));
      });

  it('are valid by their schemas, of every verb', async () => {
    for (const report of Object.values(reports)) {
      assertSarif(sarif.write(report, plain));
      await assertJunit(junit.write(report, plain));
    }
  });

  it('tell what to know of the data, a page where it is seen at once', () => {
    const page = html.write(all, plain);
    const note = page.indexOf('orders.csv is read as &lt;Windows-1252&gt;.');
    assert.ok(note > 0 && note < page.indexOf('<table>'));
    assert.match(junit.write(all, plain), /orders\.csv is read as/);
    assert.match(markdown.write(all, plain), /orders\.csv is read as/);
    assert.ok(
      html.write({ ...driftReport(true), notes: ['The fifty largest.'] }, plain).includes('>The fifty largest.<'),
    );
  });

  it('are refused by the schemas when they are broken', async () => {
    assert.ok(!validSarif({ version: '2.1.0', runs: [{ tool: {}, results: [] }] }));
    await assert.rejects(() => assertJunit('<testsuites name="x"><testcase/></testsuites>'));
  });

  it('stay valid, and hold no markup of the data, whatever names and messages hold', async () => {
    for (const words of nasty) {
      const report = hostile(words);
      assertSarif(sarif.write(report, plain));
      await assertJunit(junit.write(report, plain));
      for (const format of [html, markdown]) {
        const written = format.write(report, plain);
        assert.doesNotMatch(
          written,
          format === html ? /<img|<script|\0/ : /<img|<script|[^\\]\]\(|@someone|\0/,
          format.id,
        );
        assert.ok(written.length < 50_000 || format === html, `${format.id}: ${written.length}`);
        assert.ok(written.isWellFormed(), format.id);
      }
      assert.equal(markdown.write(report, plain).match(/<\/details>/g)?.length, 1);
    }
  });

  it('tell no row of the data and no password', () => {
    for (const format of [junit, sarif, markdown, html])
      for (const report of [all, provenance])
        assert.doesNotMatch(format.write(report, plain), /sample-of-a-row|geheim/, format.id);
  });

  it('a page whose policy allows its own style sheet and nothing else', () => {
    const page = html.write(all, plain);
    const [, sheet = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(sheet).digest('base64');
    assert.ok(page.includes(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`));
    assert.doesNotMatch(page, /<script|<link|src=|href=|style="|@import|url\(/);
  });

  it('fingerprints that stay when lines move, and differ from finding to finding', () => {
    const prints = (report: CheckReport | LintReport): readonly string[] =>
      JSON.parse(sarif.write(report, plain)).runs[0].results.map(
        (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints['plumblineCheck/v1'],
      );
    const moved = { ...all, checks: all.checks.map((one) => ({ ...one, location: at(90) })) };
    assert.deepEqual(prints(moved), prints(all));
    assert.equal(new Set(prints(all)).size, 3);
    assert.equal(new Set(prints(lint)).size, 3);
  });

  it('places are lines and columns from 1, and paths from the root as addresses', () => {
    const [first] = JSON.parse(sarif.write(all, plain)).runs[0].results;
    assert.deepEqual(first.locations[0].physicalLocation, {
      artifactLocation: { uri: 'contracts/my%20orders.odcs.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 35, startColumn: 3, endLine: 35, endColumn: 10 },
    });
    assert.equal(first.ruleId, 'check/maximum');
    assert.equal(first.level, 'error');
  });

  it('refuse a report that judges nothing', () => {
    for (const format of [junit, sarif, markdown, html])
      assert.throws(
        () => format.write({ verb: 'profile' } as never, plain),
        (error) => error instanceof Unreadable && /--format text or json/.test(error.message),
      );
  });

  it('are all known to a verb, and each verb knows formats that are there', () => {
    assert.deepEqual(new Set(Object.values(formatsOf).flat()), new Set(formats.map(({ id }) => id)));
  });
});
