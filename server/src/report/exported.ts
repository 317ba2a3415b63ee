// What a provenance report may tell when it leaves for other systems, and names that they can join by.
import { createHash } from 'node:crypto';
import { repository } from '../../../package.json';
import type { ProvenanceReport, RunReport } from '../protocol';
import { Unreadable } from '../world';
import type { Report } from './format';

export type RunData = RunReport['datasets'][number];

/**
 * The provenance report without secrets, without what an address has beside its place, and with `~` for anybody's home.
 * A run that two stores keep is there once, one that still waits is not: what these systems are told has happened. Throws `Unreadable` for any other report.
 */
export function exported(report: Report, system: string): ProvenanceReport {
  if (report.verb !== 'provenance')
    throw new Unreadable(`${system} has a shape for provenance only. Use --format json for this report.`, '');
  const clean = cleaned(report) as ProvenanceReport;
  const begun = clean.runs.filter(({ status }) => status !== 'queued' && status !== 'scheduled');
  const runs = new Map(begun.toReversed().map((run) => [runUuid(run), run]));
  return {
    ...clean,
    runs: [...runs.values()]
      .reverse()
      .map((run) => ({ ...run, params: withoutSecrets(run.params), tags: withoutSecrets(run.tags) })),
  };
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return publicText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleaned(part)]));
}

/** Keys as their issuers write them: of AWS, GitHub, Hugging Face, OpenAI and Slack. */
const issued = /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|hf_\w{20,}|sk-[\w-]{20,}|xox[abprs]-[\w-]{10,})/g;

/** The text without user and password, and without the query, in which signed addresses keep their key. */
export function publicText(text: string): string {
  return text
    .replaceAll(/\b([a-z][\w+.-]{0,30}:\/\/)[^\s/@]{0,500}@/gi, '$1')
    .replaceAll(/\b([a-z][\w+.-]{0,30}:\/\/[^\s?]{1,2000})\?\S*/gi, '$1')
    .replaceAll(issued, '***')
    .replaceAll(/(?:\/(?:home|Users)\/[^/\s"']+|\/root|\b[A-Za-z]:[\\/]Users[\\/][^\\/\s"']+)(?=[\\/\s"']|$)/g, '~');
}

const secretName = /passw(?:or)?d|secret|credential|(?:api|access|private)[_.-]?key/i;

/** `max_tokens` is a number and `pad_token` short; a token that opens something is neither. */
const SHORTEST_TOKEN = 16;

/** Of parameters and tags, those whose name and value are not a secret's. */
const withoutSecrets = <V>(fields: Readonly<Record<string, V>>): Readonly<Record<string, V>> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => {
      if (typeof value !== 'string') return true;
      const isToken = /token/i.test(name) && value.length >= SHORTEST_TOKEN && !/\s/.test(value);
      return !isToken && !secretName.test(name);
    }),
  );

/** Ours, so that equal names give equal ids on every machine, and ids of others are never met. */
const NAMESPACE = Buffer.from('6f0f6a6b0f3c4d6f9a3e2c8f5b1d7e40', 'hex');

/** A name-based UUID, version 5 of RFC 9562. */
export function uuidOf(name: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const runUuid = ({ tracker, id }: Pick<RunReport, 'tracker' | 'id'>): string => uuidOf(`${tracker}/${id}`);

/** The run that this one is nested in, when the report has it. */
export function parentsIn({ runs }: ProvenanceReport): (run: RunReport) => RunReport | undefined {
  const byUuid = new Map(runs.map((run) => [runUuid(run), run]));
  return ({ tracker, parent }) => (parent === null ? undefined : byUuid.get(runUuid({ tracker, id: parent })));
}

/** What the runs of one kind have in common: the script of an experiment, else the name of the run. */
export function jobName({ experiment, entrypoint, name, id }: RunReport): string {
  const what = entrypoint ?? (experiment === null ? (name ?? id) : undefined);
  return [experiment, what].filter((part) => typeof part === 'string').join('/');
}

/** Where data lie: a space in which names are unique, and the name there. */
export interface Place {
  readonly space: string;
  readonly name: string;
  /** Of what has one that others can resolve. */
  readonly address: string | undefined;
}

/** The repository by the address that others know it by. */
export const spaceOf = ({ code }: ProvenanceReport): string => code.remote?.replace(/\.git\/?$/, '') ?? 'local';

/** The place of what a run used or made: a path of the workspace, an address, else the tracker's own name for it. */
export function placeOf({ path, source, name }: RunData, run: RunReport, space: string): Place {
  const file = path ?? source?.replace(/^file:\/\//, '');
  const [, store, key] = /^([a-z][\w+.-]+:\/\/[^/]+)\/(.+)$/i.exec(file ?? '') ?? [];
  if (store !== undefined && key !== undefined) return { space: store, name: key, address: file };
  if (file === undefined)
    return { space: run.tracker, name: [run.experiment, name].filter(Boolean).join('/'), address: undefined };
  return { space: isAbsolute(file) ? 'file' : space, name: file, address: undefined };
}

/** Of any system, since a store may be another machine's. */
const isAbsolute = (path: string): boolean => /^(?:[/~\\]|[A-Za-z]:[\\/])/.test(path);

/** An address as a URI: Git's short form of SSH is none. Undefined for a path. */
export function uriOf(address: string | null | undefined): string | undefined {
  if (typeof address !== 'string') return undefined;
  const [, host, path] = /^(?:[\w.-]+@)?([\w.-]{2,}):(?!\/)(.+)$/.exec(address) ?? [];
  const written = host === undefined ? address : `ssh://${host}/${path}`;
  return /^[a-z][\w+.-]+:\/\/./i.test(written) && URL.canParse(written) ? new URL(written).href : undefined;
}

/** Tags that a person gave: those of the tracker itself are told as what they mean. */
export const ownTags = ({ tags }: RunReport): readonly (readonly [string, string])[] =>
  Object.entries(tags).filter(([name]) => !/^(?:mlflow|wandb)\.|^baseline$/.test(name));

/** The value as a text, as parameters of other systems are. */
export const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Who says so, at the version that did. */
export const producerOf = ({ tool }: ProvenanceReport): string => `${repository.url}/tree/v${tool.version}`;
