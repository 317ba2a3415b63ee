import { columnAggregate } from './column-aggregate';
import { columnDates } from './column-dates';
import { columnJson } from './column-json';
import { columnMap } from './column-map';
import { columnPair } from './column-pair';
import { columnPatterns } from './column-patterns';
import { columnQuantiles } from './column-quantiles';
import { columnTypes } from './column-types';
import { distribution } from './distribution';
import type { Expected, Family } from './expectation';
import { multiColumn } from './multi-column';
import { table } from './table';

const families: readonly Family[] = [
  columnAggregate,
  columnDates,
  columnJson,
  columnMap,
  columnPair,
  columnPatterns,
  columnQuantiles,
  columnTypes,
  distribution,
  multiColumn,
  table,
];

const known = new Map(families.flatMap((family) => Object.entries(family)));

/** How a type of expectation is checked; undefined for one that Plumbline does not run. */
export const expectedOf = (type: string): Expected | undefined => known.get(type);
