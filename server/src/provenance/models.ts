import { dirname } from 'node:path';
import type { LockFileReport, ModelColumnReport, ModelFileReport, ModelReport, ProjectReport } from '../protocol';
import type { LockFile } from '../stores/environment';
import type { ModelColumn, ModelFile, ModelVersion, Project } from '../stores/run';
import { shown } from './evidence';
import type { Survey } from './survey';

/** What is known of models and runs when one is told. */
export interface ModelContext {
  /** Where paths that people read start. */
  readonly home: string;
  /** Ids of the runs that the workspace has. */
  readonly runs: ReadonlySet<string>;
  /** Path of a model's file, as reports show it, by the folder that it lies in. */
  readonly files: ReadonlyMap<string, string>;
  /** The folder of a version in a registry, by `versionKey`. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Joins the versions of registries, the models of runs and the files that lie beside models. */
export function modelContext(home: string, { runs, models, modelFiles }: Survey): ModelContext {
  const folders = new Map<string, string>();
  for (const { store, models: own } of runs)
    for (const { name, version, folder } of own)
      if (version !== undefined && folder !== undefined) folders.set(versionKey({ store, name, version }), folder);
  // The run of a version may be gone while its model is still there.
  const byId = new Map(modelFiles.flatMap(({ id, path }) => (id ? [[id.value, dirname(path)] as const] : [])));
  for (const version of models) {
    const folder = byId.get(/^models:\/+(m-\w+)/.exec(version.source ?? '')?.[1] ?? '');
    if (folder !== undefined && !folders.has(versionKey(version))) folders.set(versionKey(version), folder);
  }
  return {
    home,
    runs: new Set(runs.map(({ id }) => id)),
    files: new Map(modelFiles.map(({ path }) => [dirname(path), shown(home, path)] as const)),
    folders,
  };
}

const versionKey = ({ store, name, version }: Pick<ModelVersion, 'store' | 'name' | 'version'>): string =>
  `${store}\0${name}\0${version}`;

/** A model's version as reports show it. */
export function modelReport(model: ModelVersion, { runs, files, folders }: ModelContext): ModelReport {
  const { name, version, tracker, run, aliases, stage, location } = model;
  const runExists = run === undefined ? null : runs.has(run);
  const file = files.get(folders.get(versionKey(model)) ?? '');
  return {
    name,
    version,
    tracker,
    run: run ?? null,
    runExists,
    aliases,
    stage: stage ?? null,
    ...(file === undefined ? {} : { file }),
    location,
  };
}

/** The file beside a model as reports show it. */
export function modelFileReport(model: ModelFile, { home, runs }: ModelContext): ModelFileReport {
  const { path, flavors, inputs, outputs, params, id, run, created, writer, size, environment } = model;
  const places = Object.entries({ id, run, createdAt: created, writer, sizeBytes: size });
  return {
    path: shown(home, path),
    flavors: flavors.map(({ name, version, loader, location }) => ({
      name,
      version: version ?? null,
      loader: loader ?? null,
      location,
    })),
    inputs: inputs?.map(columnReport) ?? null,
    outputs: outputs?.map(columnReport) ?? null,
    params: params?.map(columnReport) ?? null,
    id: id?.value ?? null,
    run: run?.value ?? null,
    runExists: run ? runs.has(run.value) : null,
    createdAt: created ? new Date(created.value).toISOString() : null,
    writer: writer?.value ?? null,
    sizeBytes: size?.value ?? null,
    environment: environment.map((lock) => lockReport(lock, home)),
    places: Object.fromEntries(places.flatMap(([key, told]) => (told ? [[key, told.location]] : []))),
  };
}

const columnReport = ({ name, type, shape, required, location }: ModelColumn): ModelColumnReport => ({
  name: name ?? null,
  type: type ?? null,
  shape: shape ?? null,
  required,
  location,
});

/** A file of packages as reports show it. */
export const lockReport = ({ path, kind, pinned, packages }: LockFile, home: string): LockFileReport => ({
  path: shown(home, path),
  kind,
  pinned,
  packages: packages.length,
});

/** A project that a tracker runs, as reports show it. */
export const projectReport = (
  { path, name, environment, entryPoints, location }: Project,
  home: string,
): ProjectReport => ({
  path: shown(home, path),
  name: name ?? null,
  environment: environment ? { kind: environment.kind, of: environment.of ?? null } : null,
  entryPoints: entryPoints.map((point) => ({
    name: point.name,
    command: point.command ?? null,
    parameters: point.parameters.map((parameter) => ({
      name: parameter.name,
      type: parameter.type ?? null,
      default: parameter.default ?? null,
    })),
    location: point.location,
  })),
  location,
});
