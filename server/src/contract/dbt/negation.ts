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
