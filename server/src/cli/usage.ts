/** The command line itself is wrong: exit 2, and the message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const severities = ['error', 'warning', 'never'] as const;
/** The mildest finding that makes the command fail. */
export type FailOn = (typeof severities)[number];

const types = ['numerical', 'categorical', 'text'] as const;

/** What every verb takes, as commander hands it over. */
export interface CommonOptions {
  readonly format: string;
  readonly output?: string;
  /** Files that get the report too, each in the format it stands under. */
  readonly also?: Readonly<Record<string, string>>;
  readonly failOn: FailOn;
  readonly quiet?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}

export interface EngineFlags {
  readonly threads?: number;
  readonly memory?: string;
}

export function failOnOf(words: string): FailOn {
  const found = severities.find((severity) => severity === words);
  if (!found) throw new UsageError(`--fail-on takes error, warning or never, not "${words}".`);
  return found;
}

export function threadsOf(words: string): number {
  const threads = Number(words);
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new UsageError(`--threads takes a whole number from 1, not "${words}".`);
  return threads;
}

export function mostOf(words: string): number {
  const most = Number(words);
  if (!Number.isSafeInteger(most) || most < 1)
    throw new UsageError(`--most takes a whole number from 1, not "${words}".`);
  return most;
}

export function memoryOf(words: string): string {
  if (!/^\d+(\.\d+)? ?([KMGT]i?)?B$/i.test(words))
    throw new UsageError(`--memory takes a size such as 2GB, not "${words}".`);
  return words;
}

/** `--data` once more: `TABLE=REF`, or `REF` alone for the only table of the contract. */
function bindingOf(words: string): readonly [table: string, ref: string] {
  const [, table, ref] = /^([^=/\\*?]+)=(.+)$/s.exec(words) ?? [];
  if (/=$|^=/.test(words)) throw new UsageError(`--data takes TABLE=REF or REF, and "${words}" lacks a part.`);
  return table === undefined || ref === undefined ? ['', words] : [table.trim(), ref];
}

export const bindings = (words: string, before: Readonly<Record<string, string>> = {}) => {
  const [table, ref] = bindingOf(words);
  if (Object.hasOwn(before, table))
    throw new UsageError(
      table === ''
        ? 'Name the tables: --data REF alone can stand only once.'
        : `--data gives the table "${table}" twice.`,
    );
  return { ...before, [table]: ref };
};

/** An option that may be repeated. */
export const repeated = (words: string, before: readonly string[] = []): readonly string[] => [...before, words];

/** `--method COLUMN=METHOD[:THRESHOLD]`. A column's name may hold an equals sign, a method's does not. */
export function methods(words: string, before: Readonly<Record<string, string>> = {}) {
  const [, column, method, threshold] = /^(.+)=([^=:]+)(?::([^=:]*))?$/s.exec(words) ?? [];
  if (column === undefined || method === undefined)
    throw new UsageError(`--method takes COLUMN=METHOD or COLUMN=METHOD:THRESHOLD, not "${words}".`);
  if (threshold !== undefined && (threshold.trim() === '' || !Number.isFinite(Number(threshold))))
    throw new UsageError(`The threshold in --method ${words} is no number.`);
  return { ...before, [column]: threshold === undefined ? method : `${method}:${threshold}` };
}

/** `--type COLUMN=numerical|categorical|text`. */
export function columnTypes(words: string, before: Readonly<Record<string, string>> = {}) {
  const [, column, type] = /^(.+)=([^=]*)$/s.exec(words) ?? [];
  if (column === undefined || type === undefined || !types.some((known) => known === type))
    throw new UsageError(`--type takes COLUMN=numerical, categorical or text, not "${words}".`);
  return { ...before, [column]: type };
}

export const columnNames = namesFor('--columns');
export const checkIds = namesFor('--checks', 'ids of checks');
export const dimensionNames = namesFor('--dimension', 'dimensions');
export const tagNames = namesFor('--tag', 'tags');
export const segmentNames = namesFor('--segment-by');

/** Names, separated by commas. */
function namesFor(option: string, what = 'names of columns') {
  return (words: string, before: readonly string[] = []): readonly string[] => {
    const names = words
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    if (names.length === 0) throw new UsageError(`${option} takes ${what}, separated by commas.`);
    return [...before, ...names];
  };
}

/** `--window-by COLUMN:PERIOD`. A column's name may hold a colon, a period does not. */
export function windowOf(words: string): { readonly column: string; readonly every: string } {
  const [, column, every] = /^(.+):([^:]+)$/s.exec(words) ?? [];
  if (column === undefined || every === undefined)
    throw new UsageError(`--window-by takes COLUMN:PERIOD, such as time_hour:1d, not "${words}".`);
  return { column, every: every.trim() };
}
