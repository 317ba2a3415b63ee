import type { DriftColumn } from '../../../server/src/protocol';
import { significant } from '../numbers';
import { instant } from '../times';

/** How the edges of a column's bins are written: times as times, numbers with the digits that tell neighbours apart. */
export function edgeLabel({ type, reference }: DriftColumn): (edge: number) => string {
  const edges = reference.histogram && 'edges' in reference.histogram ? reference.histogram.edges : [];
  const [first = 0] = edges;
  const last = edges.at(-1) ?? 0;
  const step = (last - first) / Math.max(1, edges.length - 1);
  if (type === 'datetime') return (edge) => instant(edge, step);
  return (edge) => significant(edge, digitsFor(Math.max(Math.abs(first), Math.abs(last)), step));
}

/** Digits so that two edges that differ by `step` are not written alike. */
function digitsFor(largest: number, step: number): number {
  if (largest === 0 || step === 0) return 3;
  return Math.min(12, Math.max(3, Math.ceil(Math.log10(largest / step)) + 2));
}
