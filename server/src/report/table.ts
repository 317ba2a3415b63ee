/** Lines of a table for the terminal: columns as wide as their widest cell, two spaces between, numbers to the right. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  const rightward = header.map((_, column) => rows.length > 0 && rows.every((row) => isNumeric(row[column] ?? '')));
  return all.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return rightward[column] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Code points, which is what a terminal shows of all but the widest scripts. */
const widthOf = (cell: string): number => [...cell].length;

const isNumeric = (cell: string): boolean => /^([-−+]?[\d,.]+(e[-+]?\d+)?( ?%)?|NaN|-?Infinity|)$/i.test(cell);
