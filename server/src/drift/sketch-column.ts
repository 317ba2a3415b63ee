import type { Sketching } from '../data/profile';
import { identifier } from '../sql/fragment';
import { storageOf } from './describe';
import { deviation, mean } from './numerics/moments';
import { sketchOf } from './sketches/sketch';

/** The quantile sketch of a column of numbers, of its rows in their order; NaN is an item of it. */
export const sketchIn: Sketching = async ({ column, physicalType }, relation, engine) => {
  const storage = storageOf(physicalType);
  if (storage !== 'integer' && storage !== 'fractional') return undefined;
  const name = identifier(column);
  const [rows = new Float64Array()] = await engine.numbers(
    `SELECT ${name}::DOUBLE FROM ${relation} WHERE ${name} IS NOT NULL`,
  );
  const finite = rows.filter(Number.isFinite);
  const { levels } = sketchOf(rows);
  return {
    levels: levels.map((level) => Array.from(level)),
    sum: finite.length > 0 ? mean(finite) * finite.length : null,
    deviation: finite.length > 0 ? deviation(finite) : null,
  };
};
