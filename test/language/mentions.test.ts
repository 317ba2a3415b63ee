import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { definitionOf } from '../../server/src/language/mentions/definition';
import { type Mention, mentionsIn } from '../../server/src/language/mentions/mentions';
import { Names, type Surroundings } from '../../server/src/language/mentions/names';
import type { Parameter } from '../../server/src/language/mentions/subject';
import { hintWords, lensWords, mentionWords } from '../../server/src/language/mentions/words';
import type { FileVersion, ModelFileReport, ProvenanceReport } from '../../server/src/protocol';
import { Document } from '../../server/src/workspace/document';
import type { GitCommit } from '../../server/src/world';
import { assertGolden } from '../golden';

const folder = 'test/fixtures/language/mentions';
const home = '/orchard';
const place = (path: string, line: number) => ({
  path: `${home}/${path}`,
  range: { start: { line, character: 2 }, end: { line, character: 7 } },
});
const parameter = (name: string, value: number, line: number, atHead: number = value): Parameter => ({
  kind: 'parameter',
  name,
  now: { value, location: place('params.yaml', line) },
  atHead,
  runs: [],
});

/** What the report of the fixture is read with: the files of the orchard's pipeline. */
const surroundings: Surroundings = {
  home,
  stages: [{ kind: 'stage', name: 'train', command: 'python src/train.py', location: place('dvc.yaml', 1) }],
  parameters: [parameter('prepare.youngest', 3, 1), parameter('train.ridge', 0.75, 3, 0.5)],
  records: new Map([[`${home}/data/harvest.csv`, place('data/harvest.csv.dvc', 0)]]),
};
const report = JSON.parse(readFileSync('test/fixtures/language/mentions-report.json', 'utf8')) as ProvenanceReport;
const names = new Names(report, surroundings);

const commit: GitCommit = {
  commit: '4bad57b833c6f5ca13c6f72dfa66f48b05a75d87',
  author: 'A [Grower]',
  date: '2026-11-24T15:39:08Z',
  subject: 'Harvest of the *second* season',
  tag: 'season-2',
};
const version: FileVersion = {
  path: `${home}/data/harvest.csv.dvc`,
  role: 'data',
  tracker: 'git',
  status: 'unchanged',
  ...commit,
  branch: 'main',
  sizeBytes: 90,
  tag: 'season-2',
};

const languages: Readonly<Record<string, string>> = {
  py: 'python',
  R: 'r',
  sql: 'sql',
  sh: 'shellscript',
  Dockerfile: 'dockerfile',
  yaml: 'yaml',
  json: 'json',
};
const languageOf = (file: string): string => languages[file.slice(file.lastIndexOf('.') + 1)] ?? 'plaintext';
const opened = (file: string, text: string): Document => new Document(`file://${home}/${file}`, 1, text);
const namedIn = (text: string, language = 'python', file = 'a.py', known = names): readonly string[] => {
  const document = opened(file, text);
  return mentionsIn(document, language, known).map(({ span }) => document.text.slice(span.start, span.end));
};

function shown(document: Document, mention: Mention): string {
  const { start, end } = document.lines.range(mention.span);
  const { subject } = mention;
  const definition = definitionOf(subject, home);
  const lines = [
    `${start.line + 1}:${start.character + 1}-${end.character + 1} "${document.text.slice(mention.span.start, mention.span.end)}" ${subject.kind}`,
    ...[mentionWords(mention, { home, commands: true, version, commit }) ?? 'nothing'].map((text) =>
      text.replaceAll(/^/gm, '  │ '),
    ),
    ...(definition ? [`  → ${definition.path}:${definition.range.start.line + 1}`] : []),
    ...[lensWords(mention, version)].flatMap((text) => (text ? [`  lens: ${text}`] : [])),
    ...[hintWords(subject, version)].flatMap((text) => (text ? [`  hint: ${text}`] : [])),
  ];
  return `${lines.join('\n')}\n`;
}

describe('language/mentions', () => {
  for (const file of readdirSync(folder).filter((name) => !/\.(golden|actual)$/.test(name))) {
    it(file, () => {
      const document = opened(file, readFileSync(`${folder}/${file}`, 'utf8'));
      const found = mentionsIn(document, languageOf(file), names).map((mention) => shown(document, mention));
      assertGolden(`${folder}/${file}.golden`, found.join('\n') || 'nothing\n');
    });
  }

  it('counts in UTF-16 whatever the line ends', () => {
    const lines = [
      '# 🛒 "data/harvest.csv',
      '𝒜 = "😀", "data/harvest.csv" # "',
      "b = '''🛒",
      "''', 'data/grown.csv'",
      '',
    ];
    for (const end of ['\n', '\r\n', '\r']) {
      const document = opened('a.py', lines.join(end));
      const ranges = mentionsIn(document, 'python', names).map(({ span }) => document.lines.range(span));
      const at = (line: number, from: number, to: number) => ({
        start: { line, character: from },
        end: { line, character: to },
      });
      // A lone CR ends a line of an editor, but no comment of Python's.
      assert.deepEqual(ranges.slice(0, 2), end === '\r' ? [] : [at(1, 12, 28), at(3, 6, 20)], JSON.stringify(end));
    }
  });

  it('looks for a path in the folder of the text and in those around it', () => {
    assert.deepEqual(namedIn('open("harvest.csv")', 'python', 'data/read.py'), ['harvest.csv']);
    assert.deepEqual(namedIn('open("harvest.csv")', 'python', 'src/read.py'), []);
    assert.deepEqual(namedIn('open("data/harvest.csv")', 'python', 'src/deep/read.py'), ['data/harvest.csv']);
    assert.deepEqual(namedIn('open("/orchard/data/harvest.csv"); open("/data/harvest.csv")'), [
      '/orchard/data/harvest.csv',
    ]);
    assert.deepEqual(namedIn('open("file:///orchard/data/harvest.csv")'), ['file:///orchard/data/harvest.csv']);
  });

  it('takes what is not closed for nothing', () => {
    assert.deepEqual(namedIn('a = "data/harvest.csv\nb = "data/grown.csv"'), ['data/grown.csv']);
    assert.deepEqual(namedIn("a = '''data/harvest.csv"), []);
    assert.deepEqual(namedIn('a = "\\', 'python'), []);
    assert.deepEqual(namedIn('"data/harvest.csv', 'shellscript'), []);
  });

  it('looks into no language that it does not know, and into no text that is too large', () => {
    assert.deepEqual(namedIn('"data/harvest.csv"', 'plaintext'), []);
    const large = `x = 1\n`.repeat(400_000);
    assert.deepEqual(namedIn(`${large}"data/harvest.csv"`), []);
  });

  it('stays quick in a long text, and bounded where every string names something', () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `log("ridge", "data/none-${index}.csv") # '`);
    const started = performance.now();
    assert.deepEqual(namedIn(lines.join('\n')), []);
    const took = performance.now() - started;
    assert.ok(took < 2000, `120,000 strings took ${Math.round(took)} ms`);
    assert.equal(namedIn('"data/harvest.csv"\n'.repeat(6000)).length, 5000);
  });

  it('knows nothing of a workspace that holds nothing', () => {
    const empty = {
      ...report,
      datasets: [],
      runs: [],
      models: [],
      files: [],
      environment: { ...report.environment, images: [] },
    };
    const none = new Names(empty, { home, stages: [], parameters: [], records: new Map() });
    assert.equal(none.isEmpty, true);
    assert.equal(names.isEmpty, false);
    assert.deepEqual(namedIn('"data/harvest.csv", "python:3.11-slim"', 'python', 'a.py', none), []);
  });

  it('says of a model and of its run what the file beside it says', () => {
    const [run] = report.runs;
    assert.ok(run);
    const id = 'm-0123456789abcdef0123456789abcdef';
    const location = place('models/pear/MLmodel', 3);
    const column = { type: 'double', shape: null, required: true, location };
    const file: ModelFileReport = {
      path: 'models/pear/MLmodel',
      flavors: [
        { name: 'python_function', version: null, loader: 'mlflow.sklearn', location },
        { name: 'sklearn', version: '1.9.1', loader: null, location },
      ],
      inputs: [
        { name: 'age_years', ...column },
        { name: 'wind', ...column, required: false },
      ],
      outputs: [{ name: null, ...column, type: 'float64', shape: [-1] }],
      params: null,
      id,
      run: run.id,
      runExists: true,
      createdAt: null,
      writer: '3.17.2',
      sizeBytes: 408,
      environment: [],
      places: {},
    };
    const known = new Names({ ...report, modelFiles: [file] }, surroundings);
    const words = (text: string) => {
      const [mention] = mentionsIn(opened('a.py', `"${text}"`), 'python', known);
      return mention && mentionWords(mention, { home, commands: false });
    };
    const said = /Made with `sklearn 1\.9\.1`, takes `age_years double, wind double\?`, gives `float64\[-1\]`/;
    assert.match(words(id) ?? '', said);
    assert.match(words(run.id) ?? '', said);
  });

  it('shows nothing of a commit that Git does not know, and no value that is called a secret', () => {
    const document = opened('a.py', '"4bad57b"');
    const [mention] = mentionsIn(document, 'python', names);
    assert.ok(mention);
    assert.equal(mentionWords(mention, { home, commands: true }), undefined);
    const [run] = report.runs;
    assert.ok(run);
    const told = mentionWords(
      {
        span: { start: 0, end: 0 },
        subject: { kind: 'run', run: { ...run, params: { api_key: 'hunter2', a: '`x`\ny' } }, files: [] },
      },
      { home, commands: false },
    );
    assert.match(told ?? '', /Parameters: api\\_key `…`, a ` x y`/);
  });
});
