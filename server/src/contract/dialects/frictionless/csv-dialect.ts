import { booleanOf, get, type Node, stringOf, wordOf } from '../../../text/tree';
import type { CellForm } from '../../model';

/** How a resource says that its text is written: its dialect, where version 5 of frictionless nests those of CSV. */
export function csvFormOf(dialect: Node | undefined, format: Node | undefined): CellForm | undefined {
  const csv = get(dialect, 'csv') ?? dialect;
  const delimiter = stringOf(get(csv, 'delimiter')) ?? (wordOf(format) === 'tsv' ? '\t' : undefined);
  const quote = stringOf(get(csv, 'quoteChar'));
  const header = booleanOf(get(dialect, 'header'));
  const comment = stringOf(get(dialect, 'commentChar'));
  const form = { delimiter, quote, escape: stringOf(get(csv, 'escapeChar')), header, comment };
  const said = Object.entries(form).filter(([, value]) => value !== undefined);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}
