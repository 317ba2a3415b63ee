import type { FeatureType } from '../../../contract/tfdv';
import { counting } from '../../check';
import { familyOf } from '../../logical-type';
import type { Field } from '../../source';

/** A column of the data as TFDV sees a feature: each example has a list of values, which is missing or not. */
export interface Feature {
  readonly field: Field;
  /** What TFDV makes of the column; undefined for what it has no type for. */
  readonly type: FeatureType | undefined;
  /** Other types that TFDV would also take it for, read from another kind of file. */
  readonly alsoTypes: readonly FeatureType[];
  /** Whether an example may hold several values. */
  readonly isList: boolean;
  /** SQL of an aggregate: the examples that have the feature. A NaN is a missing value, as in a data frame. */
  readonly present: string;
  /** SQL of an aggregate: the fewest and the most values of an example that has the feature. */
  readonly fewest: string;
  readonly most: string;
  /** Values for which `test` is true; it is given SQL of one value. */
  values(test: (value: string) => string): Values;
}

export interface Values {
  /** SQL of an aggregate. */
  readonly count: string;
  /** SQL that is true for a row that has such a value. */
  readonly rows: string;
}

/** How a family of the data's types looks to TFDV: its own word, and others that are no surprise. */
const types: Readonly<Record<string, readonly FeatureType[]>> = {
  // A data frame has no integers beside missing values: they are floats there.
  integer: ['INT', 'FLOAT'],
  number: ['FLOAT'],
  // The words of a CSV file, numbers elsewhere.
  boolean: ['INT', 'BYTES'],
  string: ['BYTES'],
  binary: ['BYTES'],
  date: ['BYTES'],
  timestamp: ['BYTES'],
  time: ['BYTES'],
  json: ['BYTES'],
  object: ['STRUCT'],
  map: ['STRUCT'],
};

export function featureOf(field: Field): Feature {
  const { stored, family } = field;
  const isList = family === 'array';
  const element = isList ? field.type.replace(/\[\d*\]$/, '') : field.type;
  const [type, ...alsoTypes] = types[(isList ? familyOf(element) : family) ?? ''] ?? [];
  const isFilled = (value: string): string => (isFloating(element) ? `NOT isnan(${value})` : 'true');
  const there = isList ? `${stored} IS NOT NULL` : `${stored} IS NOT NULL AND ${isFilled(stored)}`;
  return {
    field,
    type,
    alsoTypes,
    isList,
    present: counting(there),
    fewest: isList ? `min(len(${stored}))` : '1',
    most: isList ? `max(len(${stored}))` : '1',
    values: (test) => {
      if (!isList) {
        const rows = `${there} AND coalesce(${test(stored)}, false)`;
        return { count: counting(rows), rows };
      }
      const kept = `len(list_filter(${stored}, lambda x: x IS NOT NULL AND ${isFilled('x')} AND coalesce(${test('x')}, false)))`;
      return { count: `coalesce(sum(${kept}), 0)`, rows: `${kept} > 0` };
    },
  };
}

const isFloating = (type: string): boolean => /^(float|double|real)/i.test(type);
