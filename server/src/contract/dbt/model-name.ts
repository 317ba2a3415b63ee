import type { Contract, Table } from '../model';
import { modelNamed } from './test';

/** The table of the contract that a `ref` or `source` names; a bare name is one too, as conversions leave it. */
export function modelIn({ tables }: Contract, reference: unknown): Table | undefined {
  const { source, name } = modelNamed(reference) ?? { source: undefined, name: String(reference).trim() };
  return (
    tables.find((table) => table.name === (source === undefined ? name : `${source}.${name}`)) ??
    tables.find((table) => table.name === name)
  );
}
