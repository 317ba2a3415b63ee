/** Makes the data of the benchmarks with DuckDB: the same on every machine, since every value is a hash of its row. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const FOLDER = '.bench/data';

/** Uniform in (0, 1), from the row, the column and the side. */
const uniform = (column, side) => `((hash(i * 64 + ${column * 2 + side}) >> 11)::DOUBLE + 0.5) / 9007199254740992`;
const normal = (column, side) =>
  `sqrt(-2 * ln(${uniform(column, side)})) * cos(2 * pi() * ${uniform(column + 20, side)})`;

/** Eight columns of numbers, of which three move, and two of categories, of which one moves. */
const columns = (side) => [
  ['amount', `exp(3 + 0.8 * ${normal(0, side)})`],
  ['temperature', `${15 + side * 2} + 8 * ${normal(1, side)}`],
  ['distance', `1000 * ${uniform(2, side)}`],
  ['delay', `-ln(${uniform(3, side)}) * ${20 + side * 6}`],
  ['score', `${normal(4, side)}`],
  ['price', `round(exp(2 + ${normal(5, side)}), 2)`],
  ['age', `(18 + 60 * ${uniform(6, side)})::INTEGER`],
  ['count', `(-ln(${uniform(7, side)}) * 40 + ${side * 10})::INTEGER`],
  ['carrier', `'c' || (12 * ${uniform(8, side)} * pow(${uniform(9, side)}, ${side ? 0.5 : 1}))::INTEGER`],
  ['city', `'city ' || (400 * ${uniform(10, side)})::INTEGER`],
];

/** Paths of a reference and a current side of so many rows. */
export async function tall(rows) {
  mkdirSync(FOLDER, { recursive: true });
  const sides = ['reference', 'current'].map((side) => `${FOLDER}/${rows}-${side}.parquet`);
  for (const [side, path] of sides.entries()) {
    const select = columns(side).map(([name, sql]) => `${sql} AS ${name}`);
    await made(path, `SELECT ${select.join(', ')} FROM range(${rows}) AS t(i)`);
  }
  return sides;
}

/** The columns of `checkedFile`, in their order. */
export const COLUMNS = ['id', 'amount', 'temperature', 'distance', 'delay', 'age', 'count', 'carrier', 'city', 'code'];

/** Path of one file of so many rows, with a key and a code beside eight of the columns. */
export async function checkedFile(rows) {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}/${rows}-checked.parquet`;
  const known = Object.fromEntries(columns(0));
  const own = { id: 'i', code: `(999 * ${uniform(11, 0)})::INTEGER || '-' || (999 * ${uniform(12, 0)})::INTEGER` };
  const select = COLUMNS.map((name) => `${own[name] ?? known[name]} AS "${name}"`);
  await made(path, `SELECT ${select.join(', ')} FROM range(${rows}) AS t(i)`);
  return path;
}

/** The same with so many columns of numbers and of categories, every hundredth of which moves. */
export async function wide(width, rows) {
  mkdirSync(FOLDER, { recursive: true });
  const sides = ['reference', 'current'].map((side) => `${FOLDER}/wide-${width}-${rows}-${side}.parquet`);
  for (const [side, path] of sides.entries()) {
    const select = Array.from({ length: width }, (_, column) =>
      column % 5 === 4
        ? `'k' || (hash(i * ${width * 2} + ${column * 2 + side}) % 7) AS c${column}`
        : `(hash(i * ${width * 2} + ${column * 2 + side}) % 100000)::DOUBLE + ${column % 100 === 0 ? side * 20000 : 0} AS c${column}`,
    );
    await made(path, `SELECT ${select.join(', ')} FROM range(${rows}) AS t(i)`);
  }
  return sides;
}

async function made(path, select) {
  if (existsSync(path)) return;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}.part' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  renameSync(`${path}.part`, path);
}
