import { basename as fileName } from 'node:path';
import { type Column, type Contract, columnsOf, primaryKeyOf, type Rule, type Table } from '../contract/model';
import { commands, type DriftReport, type FileVersion } from '../protocol';
import type { JsonSchema } from '../schema/json-schema';
import { schemaAt } from '../schema/walk';
import { momentWords, scheduleOf } from '../text/schedule';
import { at, get, type Node, type Path, pathAt, type Span, wordOf } from '../text/tree';
import { amount } from '../text/words';
import type { Document } from '../workspace/document';
import { claimWords, type Judgements } from './claims';
import type { CheckRun } from './diagnostics';
import { versionWords } from './provenance';

/** What a hover may draw on beside the document. */
export interface Known {
  /** The last run of this contract's checks. */
  readonly run?: CheckRun;
  /** What this manifest claims, as it was last judged. */
  readonly judged?: Judgements;
  /** The last report of each monitor of this file, by its name. */
  readonly monitors?: ReadonlyMap<string, DriftReport>;
  /** Version of the document's file; undefined where nothing tracks it or nobody may ask. */
  readonly version?: FileVersion;
  /** Version of the data of each table, by its name. */
  readonly data?: ReadonlyMap<string, FileVersion>;
  /** Whether the editor can carry out our commands. */
  readonly commands?: boolean;
  /** From when on times are told. */
  readonly now?: Date;
}

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly span: Span;
}

/** What is known about the place under the cursor: what its key means, and the facts of what it names. */
export function hoverAt(document: Document, offset: number, known: Known = {}): Hover | undefined {
  const { contract, tree, kind } = document;
  if (!kind) return undefined;
  const { path, onKey } = pathAt(tree.root, offset);
  const span = spanAt(tree.root, path, onKey);
  if (!span || offset < span.start || offset > span.end) return undefined;
  const parts = [
    contract && factsAt(contract, path, known),
    contract && path.at(-1) === 'schedule' ? timesOf(at(tree.root, path), known) : undefined,
    known.judged && claimWords(document, known.judged, span),
    meaningOf(document, path, onKey),
    path.length === 1 && aboutFile.has(String(path[0])) ? provenanceOf(document, known) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? { text: parts.join('\n\n---\n\n'), span } : undefined;
}

/** First keys of a contract or manifest, where its version is told. */
const aboutFile: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'id', 'name', 'version', 'status']);

function spanAt(root: Node | undefined, path: Path, onKey: boolean): Span | undefined {
  if (!onKey) {
    const node = at(root, path);
    return node?.kind === 'scalar' && path.length > 0 ? node.span : undefined;
  }
  const parent = at(root, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? parent.entries.find(({ key }) => key.value === path.at(-1)) : undefined;
  return entry?.key.span;
}

// ------------------------------------------------------------------------------------------------- what a key means

function meaningOf({ schema: id, tree }: Document, path: Path, onKey: boolean): string | undefined {
  const schema = id === undefined ? undefined : schemaAt(id, tree, path);
  if (!schema) return undefined;
  const value = at(tree.root, path);
  const chosen = onKey || value?.kind !== 'scalar' ? undefined : choiceOf(schema, value.value);
  if (chosen) return `\`${String(value?.kind === 'scalar' ? value.value : '')}\`: ${chosen}`;
  if (!onKey) return undefined;
  const [title, description] = [schema.title ?? String(path.at(-1)), schema.description];
  const lines = [
    `**${title}**${schema.deprecated ? ' (deprecated)' : ''}`,
    description,
    allowedIn(schema),
    exampleOf(schema),
  ];
  return lines.filter((line) => line !== undefined).join('\n\n');
}

function choiceOf({ enum: values, enumDescriptions }: JsonSchema, value: unknown): string | undefined {
  const index = values?.indexOf(value) ?? -1;
  return index < 0 ? undefined : enumDescriptions?.[index];
}

/** More values than this are found by completion, not by reading. */
const MOST_LISTED = 12;

function allowedIn({ enum: values, enumDescriptions }: JsonSchema): string | undefined {
  if (!values || values.length > MOST_LISTED) return undefined;
  return values
    .map((value, index) => `- \`${String(value)}\`${enumDescriptions?.[index] ? `: ${enumDescriptions[index]}` : ''}`)
    .join('\n');
}

function exampleOf({ examples }: JsonSchema): string | undefined {
  const [example] = examples ?? [];
  return example === undefined || typeof example === 'object' ? undefined : `Example: \`${String(example)}\``;
}

// --------------------------------------------------------------------------------------------- facts of what is named

const SHOWN_TIMES = 3;

/** When a cron expression comes next. */
function timesOf(node: Node | undefined, { now }: Known): string | undefined {
  const schedule = scheduleOf(wordOf(node) ?? '');
  if (!schedule || !now) return undefined;
  const times: Date[] = [];
  while (times.length < SHOWN_TIMES) {
    const next = schedule.next(times.at(-1) ?? now);
    if (!next) break;
    times.push(next);
  }
  return times.length > 0 ? `Next: ${times.map(momentWords).join(', ')}` : 'It never comes.';
}

/** Facts of the table, column or rule whose name, id or metric is at the path. */
function factsAt(contract: Contract, path: Path, known: Known): string | undefined {
  if (path[0] !== 'schema' || !naming.has(String(path.at(-1)))) return undefined;
  const node = at(contract.tree.root, path.slice(0, -1));
  for (const table of contract.tables) {
    if (table.node === node) return tableFacts(table, known);
    for (const column of columnsOf(table)) {
      if (column.node === node) return columnFacts(column);
      const rule = column.rules.find((candidate) => candidate.node === node);
      if (rule) return ruleFacts(rule, known);
    }
    const rule = table.rules.find((candidate) => candidate.node === node);
    if (rule) return ruleFacts(rule, known);
  }
  return undefined;
}

const naming: ReadonlySet<string> = new Set(['name', 'physicalName', 'id', 'metric', 'query']);

function tableFacts(table: Table, { run, data: versions }: Known): string {
  const columns = columnsOf(table);
  const rules = table.rules.length + columns.reduce((sum, column) => sum + column.rules.length, 0);
  const key = primaryKeyOf(table);
  const data = run?.report.data.find((entry) => entry.table === table.name);
  return [
    `Table **${table.name}**: ${amount(columns.length, 'column')}, ${amount(rules, 'quality rule')}`,
    ...(key.length > 0 ? [`Key: ${key.map(({ path }) => `\`${path}\``).join(', ')}`] : []),
    ...(data?.rows != null ? [`Last check: ${amount(data.rows, 'row')} of ${data.ref}`] : []),
    ...dataFacts(versions?.get(table.name)),
  ].join('  \n');
}

const dataFacts = (version: FileVersion | undefined): readonly string[] =>
  version ? ['', `Data \`${fileName(version.path)}\``, versionWords(version)] : [];

function columnFacts({ path, logicalType, physicalType, required, unique, primaryKey, ...column }: Column): string {
  const type = logicalType ?? physicalType;
  const facts = [
    primaryKey ? `primary key${column.primaryKeyPosition ? ` ${column.primaryKeyPosition}` : ''}` : '',
    required || primaryKey ? 'required' : 'may be empty',
    unique ? 'unique' : '',
    column.rules.length > 0 ? amount(column.rules.length, 'quality rule') : '',
  ].filter(Boolean);
  const targets = column.relationships.flatMap(({ to }) => to.map(({ text }) => `\`${text}\``));
  const description = get(column.node, 'description');
  return [
    `Column **${path}**${type ? `: ${type}` : ''}, ${facts.join(', ')}`,
    ...(targets.length > 0 ? [`Refers to ${targets.join(', ')}`] : []),
    ...(description?.kind === 'scalar' && description.value !== null ? ['', String(description.value)] : []),
  ].join('  \n');
}

function ruleFacts(rule: Rule, { run }: Known): string | undefined {
  const asked = [rule.metric, ...rule.operators.map(({ keyword, value }) => `${keyword} ${JSON.stringify(value)}`)];
  const words = asked.filter(Boolean).join(' ');
  const unit = rule.unit === 'percent' ? ' percent' : '';
  const own = rule.id ?? rule.name;
  const last = own === undefined ? undefined : run?.report.checks.find(({ id }) => id === own);
  const lines = [
    ...(words ? [`Rule: ${words}${unit}`] : []),
    ...(last ? [`Last check: **${last.status}**. ${last.message}`] : []),
  ];
  return lines.length > 0 ? lines.join('  \n') : undefined;
}

// -------------------------------------------------------------------------------------------------------- provenance

function provenanceOf({ uri }: Document, { version, commands: linked }: Known): string | undefined {
  if (!version) return undefined;
  if (!linked) return versionWords(version);
  const target = encodeURIComponent(JSON.stringify([{ uri }]));
  return `${versionWords(version)}  \n[Show provenance](command:${commands.showProvenance}?${target})`;
}
