/** Safe pieces of SQL. Every identifier and value of a contract passes through here on its way into a statement. */

/** Quoted identifier, the same in every engine of ours: `we"ird` → `"we""ird"`. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quoted text literal. NUL cannot stand in one, in any engine. */
export const text = (value: string): string => `'${value.replaceAll('\0', '').replaceAll("'", "''")}'`;

/** A scalar of a contract as a literal. Numbers keep their digits; NaN and infinities become casts. */
export function literal(value: string | number | bigint | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return `CAST('${value}' AS DOUBLE)`;
  return String(value);
}

/** Several parts as one value to compare; a single part stays itself. */
export const tuple = (parts: readonly string[]): string =>
  parts.length === 1 ? String(parts[0]) : `row(${parts.join(', ')})`;
