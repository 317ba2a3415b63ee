/** Where the rows of a long table stand, when each has the same height and a few have an opened detail below. */
export interface RowLayout {
  /** Pixels of all rows and details. */
  readonly height: number;
  /** Pixels above the row. */
  topOf(index: number): number;
  /** The row, or the one whose detail, lies at `y`; within the table even when `y` is not. */
  indexAt(y: number): number;
}

export interface OpenedRow {
  readonly index: number;
  /** Pixels of its detail. */
  readonly height: number;
}

/** `opened` is sorted by index. */
export function rowLayout(count: number, rowHeight: number, opened: readonly OpenedRow[]): RowLayout {
  const topOf = (index: number) => {
    let top = index * rowHeight;
    for (const detail of opened) {
      if (detail.index >= index) break;
      top += detail.height;
    }
    return top;
  };
  const indexAt = (y: number) => {
    let low = 0;
    let high = Math.max(0, count - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (topOf(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return { height: topOf(count), topOf, indexAt };
}
