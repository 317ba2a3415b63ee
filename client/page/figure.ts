import type { Figure } from '../../server/src/protocol';

/** The number that a figure of a report is; the names of those JSON cannot hold are read back. */
export function numberOf(figure: Figure): number | undefined {
  return figure === null ? undefined : Number(figure);
}
