interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  {
    name: 'month',
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'weekday', least: 0, most: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** Why a text is no cron expression of five fields, as one sentence; undefined when it is one. */
export function cronProblem(expression: string): string | undefined {
  const text = expression.trim();
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/i.test(text)) return undefined;
  const parts = text.split(/\s+/);
  if (parts.length !== fields.length)
    return `A schedule has five fields (minute, hour, day, month, weekday), and "${text}" has ${text === '' ? 0 : parts.length}.`;
  const wrong = fields.find((field, index) => !(parts[index] ?? '').split(',').every((part) => isPart(part, field)));
  return (
    wrong &&
    `The ${wrong.name} of "${text}" is none: it is ${wrong.least} to ${wrong.most}, "*", a range or a step such as "*/2".`
  );
}

/** `*`, `5`, `1-5`, `mon-fri`, each with a step or without. */
function isPart(part: string, field: Field): boolean {
  const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  if (step !== undefined && Number(step) < 1) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberIn(end, field));
  const [from, to = from] = ends;
  return ends.length <= 2 && ends.every((end) => end !== undefined) && (from ?? 0) <= (to ?? 0);
}

function numberIn(text: string, { least, most, names }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  const number = named >= 0 ? named + least : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
