import type { CheckResult } from '../../../server/src/protocol';
import { count, full, percent, short } from '../numbers';

/** What was found, short: `940 of 29,425`, `3.2 %`, `41 surplus`; undefined when nothing was. */
export function observed(check: CheckResult): string | undefined {
  const { observed: found, unexpectedCount, rows } = check;
  if (found === null) return undefined;
  if (typeof found === 'boolean') return found ? 'yes' : 'no';
  if (typeof found === 'string') return found;
  if (typeof found === 'object') return pair(found);
  if (isShare(check)) return percent(found);
  if (found > 0 && found === unexpectedCount && rows !== null) return `${count(found)} of ${count(rows)}`;
  return short(found);
}

/** What was found, with all digits. */
export function fullObserved(check: CheckResult): string | undefined {
  const { observed: found } = check;
  if (found === null) return undefined;
  if (typeof found === 'number') return isShare(check) ? `${full(found)} %` : full(found);
  if (typeof found !== 'object') return String(found);
  return Object.entries(found)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? full(value) : value}`)
    .join(', ');
}

/** A number is in per cent when the rule is. */
function isShare({ observed: found, expected, unexpectedPercent }: CheckResult): boolean {
  return typeof found === 'number' && found === unexpectedPercent && expected.includes('%');
}

/** Of several figures the one that the verdict used. */
function pair(found: Exclude<CheckResult['observed'], string | number | boolean | null>): string {
  const names = Object.keys(found);
  const used = typeof found.used === 'string' && found.used in found ? found.used : names[0];
  if (used === undefined) return '';
  const value = found[used] ?? null;
  const figure = typeof value === 'number' ? short(value) : String(value);
  return names.length === 1 ? figure : `${figure} ${used}`;
}
