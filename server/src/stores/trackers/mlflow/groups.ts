/** Rows by what they have under a key, each group in their order. */
export function groupsOf<T extends object, K extends keyof T>(
  rows: readonly T[],
  key: K,
): ReadonlyMap<T[K], readonly T[]> {
  const groups = new Map<T[K], T[]>();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group) group.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
}
