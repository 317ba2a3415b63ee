/** Runs of letters in the JDK's DateTimeFormatter, as `strptime` writes them. */
const letters: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  uuuu: '%Y',
  yy: '%y',
  uu: '%y',
  MM: '%m',
  M: '%m',
  MMM: '%b',
  MMMM: '%B',
  dd: '%d',
  d: '%d',
  DDD: '%j',
  HH: '%H',
  H: '%H',
  hh: '%I',
  h: '%I',
  mm: '%M',
  ss: '%S',
  SSS: '%g',
  SSSSSS: '%f',
  SSSSSSSSS: '%n',
  a: '%p',
  EEE: '%a',
  EEEE: '%A',
  X: '%z',
  XX: '%z',
  XXX: '%z',
};

/** `dd/MM/yyyy HH:mm` → `%d/%m/%Y %H:%M`; undefined when a letter has no counterpart. */
export function strptimeOf(format: string): string | undefined {
  const parts: (string | undefined)[] = [];
  for (const [run, quoted] of format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g)) {
    if (quoted !== undefined) parts.push(quoted === '' ? "'" : quoted.replaceAll("''", "'"));
    else parts.push(/^[A-Za-z]/.test(run) ? letters[run] : run);
  }
  return parts.includes(undefined) ? undefined : parts.join('');
}
