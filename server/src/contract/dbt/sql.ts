/** The rows whose key is whole, as ODCS counts them; dbt counts keys with a gap too unless it is told so. */
export const wholeKey = (columns: readonly string[]): string =>
  columns.map((column) => `${column} is not null`).join(' and ');

/** What RE2, which DuckDB and BigQuery have, and ECMA-262 know alike. */
export const isSharedPattern = (pattern: string): boolean =>
  !/\(\?(?!:)|\\[AzZQECpPkux1-9]|\[\[:|\[\^?\[/.test(pattern);

/** What `NOT (…)` refuses, when that is all of a condition; undefined for any other. */
export function negated(condition: string): string | undefined {
  const [, start] = /^(\s*NOT\s*\()/i.exec(condition) ?? [];
  if (start === undefined) return undefined;
  const end = closing(condition, start.length);
  return end !== undefined && condition.slice(end + 1).trim() === '' ? condition.slice(start.length, end) : undefined;
}

/** Where the bracket closes that was opened before `from`; brackets in texts and quoted names are none. */
function closing(sql: string, from: number): number | undefined {
  const piece = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--|\/\*|[()]/g;
  piece.lastIndex = from;
  let open = 1;
  for (let found = piece.exec(sql); found; found = piece.exec(sql)) {
    const [word] = found;
    if (word === '--' || word === '/*') return undefined;
    if (word === '(') open++;
    if (word === ')' && --open === 0) return found.index;
  }
  return undefined;
}
