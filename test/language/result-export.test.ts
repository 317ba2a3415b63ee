import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute } from 'node:path';
import { exportOfResult, type ResultWish } from '../../server/src/language/result-export';
import type { DriftColumn, ResultFormat, StoredResult } from '../../server/src/protocol';
import { formatsOf } from '../../server/src/report/verbs';
import { withSegments, withWindows } from '../page/windowed';

const read = <K extends StoredResult['kind']>(name: K) =>
  JSON.parse(readFileSync(`test/page/fixtures/${name}.json`, 'utf8')) as Extract<StoredResult, { kind: K }>;
const [check, drift] = [read('check'), read('drift')];

const home = dirname(check.contract);
const written = (result: StoredResult, format: ResultFormat, wish: Partial<ResultWish> = {}) =>
  exportOfResult(result, { format, home, ...wish });

const ofChecks: readonly ResultFormat[] = ['json', 'csv', 'html', 'markdown', 'junit', 'sarif'];
const ofDrift: readonly ResultFormat[] = [...ofChecks, 'evidently', 'sagemaker'];

describe('Results exported from the editor', () => {
  it('know every shape that the command line writes, and CSV', () => {
    const known = (verb: string) => new Set(formatsOf[verb]?.filter((format) => format !== 'text'));
    assert.deepEqual(new Set(ofDrift.filter((format) => format !== 'csv')), known('drift'));
    // SageMaker's is for its own constraints.
    assert.deepEqual(new Set([...ofChecks.filter((format) => format !== 'csv'), 'sagemaker']), known('check'));
  });

  it('lie where their paths start, under a name that says what they tell of', () => {
    assert.ok(isAbsolute(home));
    const names = (result: StoredResult, formats: readonly ResultFormat[]) =>
      formats.map((format) => basename(written(result, format).path));
    const about = basename(check.contract).split('.')[0];
    const endings = ['json', 'csv', 'html', 'md', 'junit.xml', 'sarif'];
    assert.deepEqual(
      names(check, ofChecks),
      endings.map((ending) => `${about}-check.${ending}`),
    );
    assert.equal(dirname(written(check, 'json').path), home);
    assert.deepEqual(names(drift, ['evidently', 'sagemaker']).at(-1), 'constraint_violations.json');
    const alone = {
      ...drift,
      contract: null,
      report: { ...drift.report, current: { ref: '/data/a b.csv@v1', rows: 1 } },
    };
    assert.equal(basename(written(alone, 'json').path), 'a-b-drift.json');
  });

  it('name files from there, so that they read alike on every machine', () => {
    const { checks, contract } = JSON.parse(written(check, 'json').text);
    assert.equal(contract.path, basename(check.contract));
    assert.equal(checks.length, check.report.checks.length);
    for (const format of ['markdown', 'junit', 'sarif', 'html'] as const)
      assert.ok(!written(check, format).text.includes(home), format);
    const current = { ...drift.report.current, ref: `${home}/new.csv` };
    const moved = written({ ...drift, report: { ...drift.report, current } }, 'json');
    assert.equal(JSON.parse(moved.text).current.ref, 'new.csv');
  });

  it('refuse what a shape has no place for, in a sentence', () => {
    assert.throws(() => written(check, 'evidently'), /Evidently has a shape for one drift comparison only/);
    assert.throws(() => written(check, 'sagemaker'), /one constraints\.json of its own/);
  });

  it('as CSV say of each row which segment and window it is about', () => {
    const { columns } = withSegments(withWindows(drift, 2), 'origin', ['EWR']).report;
    const ofParts = columns.filter(({ segment, window }) => segment || window);
    const { text } = written({ ...drift, report: { ...drift.report, columns: ofParts } }, 'csv');
    const [head, ...lines] = text.split('\r\n');
    assert.match(head ?? '', /^column,.*segment,windowStart,windowEnd/);
    assert.ok(lines[0]?.includes('2013-06-01T00:00:00.000Z,2013-06-08T00:00:00.000Z'), lines[0]);
    assert.ok(lines.some((line) => line.includes('origin = EWR')));
    const formula = { ...drift.report.columns[0], moved: '=1+1' } as DriftColumn;
    assert.ok(
      written({ ...drift, report: { ...drift.report, columns: [formula] } }, 'csv').text.endsWith(",'=1+1\r\n"),
    );
  });

  describe('as a page to read', () => {
    const page = written(withSegments(withWindows(drift, 4), 'origin', ['EWR', 'JFK']), 'html').text;

    it('has all columns with their distributions, and windows as a map', () => {
      for (const { column } of drift.report.columns) assert.ok(page.includes(`<td>${column}</td>`), String(column));
      assert.ok((page.match(/<svg /g) ?? []).length >= 15);
      assert.match(page, /<table class="heat">/);
      assert.match(page, /<th scope="col">2013-06-08<\/th>/);
      assert.match(page, /<th scope="row">dep_delay<\/th>(<td[^>]*>[^<]+<\/td>){4}/);
      assert.match(page, /<td class="heat-1[0-2] drifted">/);
      assert.doesNotMatch(page, /style="/);
    });

    it('shows what moved most first', () => {
      const rows = [
        ...written(drift, 'html').text.matchAll(/<td class="failed">failed<\/td><td>[^<]*<\/td><td>([^<]+)</g),
      ];
      const [, first, last] = [rows[0]?.[1], rows[1]?.[1], rows.at(-1)?.[1]];
      const effect = (name: string | undefined) => {
        const { statistic, threshold } =
          drift.report.columns.find(({ column }) => column === name) ?? assert.fail(name);
        return Number(statistic) / Number(threshold);
      };
      assert.ok(rows.length > 3 && effect(first) > effect(last), `${first} before ${last}`);
    });

    it('takes the pictures of the panel as images that run nothing', () => {
      const pictures = [{ caption: 'a "b" <c>', svg: '<svg xmlns="x"><script>alert(1)</script></svg>' }];
      const { text } = written(drift, 'html', { pictures });
      assert.match(
        text,
        /<figure><img alt="a &quot;b&quot; &lt;c&gt;" src="data:image\/svg\+xml;base64,[\w+/=]+"><\/figure>/,
      );
      assert.match(text, /; img-src data:; base-uri/);
      assert.doesNotMatch(text, /<script/);
      assert.doesNotMatch(page, /img-src|<img|src=/);
    });

    it('takes what the data say as text', () => {
      const markup = '<img src=x onerror=alert(1)>';
      const [first] = drift.report.columns;
      const columns = [{ ...first, column: markup, moved: markup, reason: `"${markup}"` } as DriftColumn];
      const hostile = written(withWindows({ ...drift, report: { ...drift.report, columns } }, 2), 'html').text;
      assert.ok(!hostile.includes('<img'));
      assert.ok(hostile.includes('&lt;img src=x onerror=alert(1)&gt;'));
    });

    it('tells checks, what failed first', () => {
      const { text } = written(check, 'html');
      assert.match(text, /<h1>Plumbline check: .*8 failed/);
      assert.ok(text.indexOf('>failed<') < text.indexOf('>passed<'));
    });
  });
});
