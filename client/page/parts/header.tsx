import type { CheckReport, FileVersion, ResultFormat, StoredResult } from '../../../server/src/protocol';
import { post } from '../editor';
import { count } from '../numbers';
import { ago, duration, wholeTime } from '../times';
import type { Verdict } from '../verdict';
import { FileLinks, type FileUse } from './file-links';
import { Icon } from './icon';
import { useNow } from './measure';
import { Menu, type MenuItem } from './menu';
import { openPicture, openPictures, type Picture } from './pictures';

interface HeaderProps {
  readonly result: StoredResult;
  readonly verdict: Verdict;
  readonly running: boolean;
}

/** The verdict as a sentence, what can be done next, and the versions that it is about. */
export function Header({ result, verdict, running }: HeaderProps) {
  return (
    <header>
      <div class="headline">
        <h1>
          <Icon name={verdict.icon} tone={verdict.tone} />
          <span>
            <b>{verdict.subject}</b> <span class="dot">·</span> {verdict.sentence}
          </span>
        </h1>
        <div role="group" class="actions" aria-label="Actions">
          <Action icon="refresh" label="Run Again" disabled={running} run={() => post({ type: 'runAgain' })} />
          <Action icon="git-compare" label="Compare…" disabled={running} run={() => post({ type: 'compare' })} />
          <Menu label="Export" icon="export" items={() => [...exportsOf(result), ...pictureExports()]} />
        </div>
      </div>
      <Provenance result={result} />
      {result.kind === 'check' && <Notes report={result.report} />}
    </header>
  );
}

/** Shapes that every result can be saved in. */
const shapes: readonly (readonly [ResultFormat, string])[] = [
  ['json', 'JSON'],
  ['csv', 'CSV'],
  ['html', 'HTML'],
  ['markdown', 'Markdown'],
  ['junit', 'JUnit XML'],
  ['sarif', 'SARIF'],
];
const evidently = ['evidently', 'Evidently'] as const;
const sagemaker = ['sagemaker', 'SageMaker'] as const;

/** The shapes of other systems that can tell of a result. */
function shapesOfSystems(result: StoredResult): typeof shapes {
  if (result.kind === 'drift') return [evidently, sagemaker];
  return result.report.contract.dialect === 'sagemaker' ? [sagemaker] : [];
}

const exportsOf = (result: StoredResult): readonly MenuItem[] =>
  [...shapes, ...shapesOfSystems(result)].map(([format, name]) => ({
    label: `Export as ${name}…`,
    run: () => void exportAs(format),
  }));

/** The pictures that are open go along to where pictures are shown. */
async function exportAs(format: ResultFormat): Promise<void> {
  const open = format === 'html' ? openPictures() : [];
  if (open.length === 0) return post({ type: 'export', format, pictures: [] });
  const { alone } = await import('../charts/alone');
  const pictures = open.flatMap(({ caption, svg }) => {
    const drawn = svg();
    return drawn ? [{ caption, svg: alone(drawn, caption) }] : [];
  });
  post({ type: 'export', format, pictures });
}

/** The picture that was opened last can be saved as it is seen. */
function pictureExports(): readonly MenuItem[] {
  const picture = openPicture();
  if (!picture) return [];
  return [
    { label: 'Save Picture as SVG…', run: () => void save(picture, 'svg') },
    { label: 'Save Picture as PNG…', run: () => void save(picture, 'png') },
  ];
}

async function save(picture: Picture, format: 'svg' | 'png'): Promise<void> {
  const svg = picture.svg();
  if (!svg) return;
  const { alone, asPng } = await import('../charts/alone');
  const text = alone(svg, picture.caption);
  const name = `${picture.name.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}.${format}`;
  if (format === 'svg') post({ type: 'save', name, mime: 'image/svg+xml', content: text });
  else post({ type: 'save', name, mime: 'image/png', content: await asPng(text) });
}

interface ActionProps {
  readonly icon: string;
  readonly label: string;
  readonly disabled: boolean;
  run(): void;
}

function Action({ icon, label, disabled, run }: ActionProps) {
  return (
    <button type="button" class="button" title={label} disabled={disabled} onClick={run}>
      <Icon name={icon} />
      <span class="label">{label}</span>
    </button>
  );
}

/** What to know of how the data were read, whatever the verdicts. */
function Notes({ report }: { readonly report: CheckReport }) {
  const notes = [...new Set(report.data.flatMap(({ notes = [] }) => notes))];
  if (notes.length === 0) return null;
  return (
    <ul class="notes" aria-label="What to know of the data">
      {notes.map((note) => (
        <li key={note}>
          <Icon name="info" /> {note}
        </li>
      ))}
    </ul>
  );
}

const engineNames: Readonly<Record<string, string>> = { duckdb: 'DuckDB' };

/** Where this very result comes from. */
function Provenance({ result }: { readonly result: StoredResult }) {
  const { report } = result;
  const now = useNow();
  const engine = `${engineNames[report.engine.name] ?? report.engine.name} ${report.engine.version}`;
  return (
    <div class="provenance">
      <ul aria-label="Where this result comes from">
        <FileLinks files={filesOf(result)} />
        {result.kind === 'drift' && <li>preset {result.report.preset}</li>}
        <li title={wholeTime(report.startedAt)}>{ago(report.startedAt, now)}</li>
        <li title={`${count(report.durationMs)} ms`}>took {duration(report.durationMs)}</li>
        <li>{engine}</li>
      </ul>
    </div>
  );
}

function filesOf(result: StoredResult): readonly FileUse[] {
  const { provenance } = result.report;
  if (result.kind === 'drift') {
    const { reference, current } = result.report;
    return [
      dataUse('reference', reference.ref, reference.rows, provenance),
      dataUse('current', current.ref, current.rows, provenance),
      ...(result.contract === null ? [] : [contractUse(result.contract, undefined, provenance)]),
    ];
  }
  const { contract, data } = result.report;
  return [
    contractUse(contract.path, contract.version ?? undefined, provenance),
    ...data.map(({ path, rows }) => dataUse('data', path, rows ?? undefined, provenance)),
  ];
}

function contractUse(path: string, release: string | undefined, versions: readonly FileVersion[]): FileUse {
  return { use: 'contract', path, release, rows: undefined, version: versionOf(path, versions) };
}

function dataUse(use: string, path: string, rows: number | undefined, versions: readonly FileVersion[]): FileUse {
  const version = versionOf(path, versions);
  return { use, path: version?.path ?? path, release: undefined, rows, version };
}

/** A reference may be relative, a version's path never is. */
function versionOf(path: string, versions: readonly FileVersion[]): FileVersion | undefined {
  const plain = path.replace(/^(\.{1,2}\/)+/, '');
  return (
    versions.find((version) => version.path === path) ?? versions.find(({ path: own }) => own.endsWith(`/${plain}`))
  );
}
