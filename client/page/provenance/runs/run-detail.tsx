import { useEffect } from 'preact/hooks';
import type { Location, ModelFileReport, RunDetailsReport, RunReport } from '../../../../server/src/protocol';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { Icon } from '../../parts/icon';
import { fileName } from '../../paths';
import { wholeTime } from '../../times';
import { post } from '../editor';
import { HashText } from '../hash-text';
import { currentWords } from './run-columns';
import { trackerName } from './run-statuses';
import { Sparkline } from './sparkline';
import { fullText, metricText, valueText } from './values';

interface RunDetailProps {
  readonly run: RunReport;
  /** Undefined until the panel has told them. */
  readonly details: RunDetailsReport | undefined;
  /** Of its models. */
  readonly modelFiles: readonly ModelFileReport[];
}

/** Everything that is known of one run, and what can be done with it. */
export function RunDetail({ run, details, modelFiles }: RunDetailProps) {
  useDetails(run, details);
  const { params, metrics, tags, datasets, models } = run;
  return (
    <div class="run-detail">
      <div class="part-actions">
        <Action icon="go-to-file" label="Open Record" run={() => post({ type: 'reveal', location: run.location })} />
        <Action
          icon="terminal"
          label="Copy Reproduction Recipe"
          run={() => post({ type: 'copyRecipe', run: run.id })}
        />
        <Action icon="new-file" label="New Manifest" run={() => post({ type: 'newManifest', run: run.id })} />
        <Action icon="export" label="Export…" run={() => post({ type: 'exportProvenance', run: run.id })} />
        <Action icon="copy" label="Copy Id" run={() => post({ type: 'copy', text: run.id })} />
      </div>
      <RunFacts run={run} />
      <div class="run-parts">
        <Part title="Parameters" count={Object.keys(params).length}>
          <DataTable
            label="Parameters"
            columns={[{ label: 'parameter' }, { label: 'value' }, { label: 'read in' }]}
            rows={Object.entries(params).map(([name, value]) => [
              name,
              <span class="code" title={fullText(value)} key={name}>
                {valueText(value)}
              </span>,
              <Place location={details?.places[name]} record={run.location.path} key={name} />,
            ])}
          />
        </Part>
        <Part title="Metrics" count={Object.keys(metrics).length}>
          <DataTable
            label="Metrics"
            columns={[{ label: 'metric' }, { label: 'value', end: true }, { label: 'history' }, { label: 'read in' }]}
            rows={Object.entries(metrics).map(([name, value]) => [
              name,
              <span title={fullText(value)} key={name}>
                {metricText(value)}
              </span>,
              <Sparkline points={details?.histories[name] ?? []} key={name} />,
              <Place location={details?.places[name]} record={run.location.path} key={name} />,
            ])}
          />
        </Part>
        <Part title="Data" count={datasets.length}>
          <DataTable
            label="Data"
            columns={[
              { label: 'dataset' },
              { label: 'role' },
              { label: 'version' },
              { label: 'file here' },
              { label: 'state' },
            ]}
            rows={datasets.map(({ name, role, context, version, algorithm, path, joinedBy, current }) => [
              name,
              context === null ? role : `${role} (${context})`,
              <HashText hash={version} algorithm={algorithm} key={name} />,
              path === null ? <span class="quiet">none that is known</span> : <FileLink path={path} key={name} />,
              <DataState current={current} joinedBy={joinedBy} key={name} />,
            ])}
          />
        </Part>
        <Part title="Models" count={models.length}>
          <DataTable
            label="Models"
            columns={[{ label: 'model' }, { label: 'version' }, { label: 'id' }]}
            rows={models.map(({ name, version, id }) => [name, version ?? '–', <HashText hash={id} key={name} />])}
          />
        </Part>
        {modelFiles.map((file) => (
          <ModelPart file={file} record={run.location.path} key={file.path} />
        ))}
        <Part title="Tags" count={Object.keys(tags).length}>
          <DataTable
            label="Tags"
            columns={[{ label: 'tag' }, { label: 'value' }]}
            rows={Object.entries(tags).map(([name, value]) => [name, <span key={name}>{value || '–'}</span>])}
          />
        </Part>
        <Part title="Artifacts" count={details?.artifacts.length ?? 0}>
          <ul class="artifacts">
            {details?.artifacts.map((path) => (
              <li key={path}>
                {run.artifacts === null ? path : <FileLink path={`${run.artifacts}/${path}`} label={path} />}
              </li>
            ))}
          </ul>
        </Part>
      </div>
    </div>
  );
}

interface ModelPartProps {
  readonly file: ModelFileReport;
  readonly record: string;
}

/** What the file of one model says: how it was made, and each column that it takes and gives. */
function ModelPart({ file, record }: ModelPartProps) {
  const { flavors, inputs, outputs, params, environment, places } = file;
  const named: readonly (readonly [string, string | number | null, string])[] = [
    ['id', file.id, 'id'],
    ['made', file.createdAt === null ? null : wholeTime(file.createdAt), 'createdAt'],
    ['written by', file.writer, 'writer'],
    ['bytes', file.sizeBytes, 'sizeBytes'],
  ];
  const rows = [
    ...flavors.map(({ name, version, loader, location }) => ['flavor', name, version ?? loader, location] as const),
    ...(
      [
        ['takes', inputs],
        ['gives', outputs],
        ['parameter', params],
      ] as const
    ).flatMap(([role, columns]) =>
      (columns ?? []).map(({ name, type, shape, required, location }) => {
        const whole = `${type ?? ''}${shape === null ? '' : ` [${shape.join(', ')}]`}${required ? '' : ', may be left out'}`;
        return [role, name ?? '–', whole, location] as const;
      }),
    ),
    ...named.flatMap(([name, value, key]) =>
      value === null ? [] : [['fact', name, String(value), places[key]] as const],
    ),
  ];
  return (
    <Part title={`Model ${fileName(file.path.replace(/\/(artifacts\/)?MLmodel$/, ''))}`} count={rows.length}>
      <DataTable
        label="Model file"
        columns={[{ label: 'what' }, { label: 'name' }, { label: 'value' }, { label: 'read in' }]}
        rows={rows.map(([what, name, value, location]) => [
          what,
          name,
          value ?? '–',
          <Place location={location} record={record} key={`${what} ${name}`} />,
        ])}
      />
      {environment.map(({ path, pinned }) => (
        <p key={path}>
          <FileLink path={path} /> <span class="quiet">{pinned ? 'pinned' : 'leaves versions open'}</span>
        </p>
      ))}
    </Part>
  );
}

/** Asks the panel for what the list of runs leaves out. */
export function useDetails(run: RunReport, details: RunDetailsReport | undefined): void {
  const { tracker, store, id } = run;
  useEffect(() => {
    if (!details) post({ type: 'details', tracker, store, id });
  }, [tracker, store, id, details === undefined]);
}

function RunFacts({ run }: { readonly run: RunReport }) {
  const { experiment, entrypoint, branch, user, image, environment, store, startedAt, endedAt, parent } = run;
  return (
    <Facts
      facts={[
        ['tracker', `${trackerName(run.tracker)} in ${store}`],
        ['id', <span class="code">{run.id}</span>],
        ['experiment', experiment ?? undefined],
        ['program', entrypoint ?? undefined],
        ['branch', branch ?? undefined],
        ['by', user ?? undefined],
        ['started', startedAt === null ? undefined : wholeTime(startedAt)],
        ['ended', endedAt === null ? undefined : wholeTime(endedAt)],
        ['within run', parent === null ? undefined : <span class="code">{parent}</span>],
        ['image', image ?? undefined],
        ['environment', environment === null ? undefined : <FileLink path={environment} />],
      ]}
    />
  );
}

interface PartProps {
  readonly title: string;
  readonly count: number;
  readonly children: preact.ComponentChildren;
}

function Part({ title, count, children }: PartProps) {
  if (count === 0) return null;
  return (
    <section class="run-part">
      <h3>
        {title} <span class="quiet">{count}</span>
      </h3>
      {children}
    </section>
  );
}

interface ActionProps {
  readonly icon: string;
  readonly label: string;
  run(): void;
}

function Action({ icon, label, run }: ActionProps) {
  return (
    <button type="button" class="link follow" onClick={run}>
      <Icon name={icon} /> {label}
    </button>
  );
}

/** Opens a file by its path from the target's home. */
export function FileLink({ path, label }: { readonly path: string; readonly label?: string }) {
  return (
    <button type="button" class="link" title={path} onClick={() => post({ type: 'openFile', path })}>
      {label ?? fileName(path)}
    </button>
  );
}

interface PlaceProps {
  readonly location: Location | undefined;
  /** Path of the run's own record, which is told once above. */
  readonly record: string;
}

function Place({ location, record }: PlaceProps) {
  if (!location) return <span class="quiet">–</span>;
  if (location.path === record) return <span class="quiet">the record</span>;
  const line = location.range.start.line + 1;
  return (
    <button
      type="button"
      class="link"
      title={`${location.path}, line ${line}`}
      onClick={() => post({ type: 'reveal', location })}
    >
      {fileName(location.path)}:{line}
    </button>
  );
}

type DataStateProps = Pick<RunReport['datasets'][number], 'current' | 'joinedBy'>;

function DataState({ current, joinedBy }: DataStateProps) {
  const how = joinedBy === null ? '' : joinedBy === 'hash' ? 'Known by its hash.' : 'Known by its path.';
  if (current === null) {
    return (
      <span class="quiet" title={how}>
        unknown
      </span>
    );
  }
  return (
    <span class="state" title={how}>
      <Icon name={current ? 'pass' : 'warning'} tone={current ? 'passed' : 'warning'} /> {currentWords(current)}
    </span>
  );
}
