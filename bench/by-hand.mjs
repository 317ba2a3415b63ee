/** `node bench/by-hand.mjs FILE`: the rules of the bench by one hand-written statement, in a process of its own. */
import { DuckDBInstance } from '@duckdb/node-api';
import { sqlOf } from './check-rules.mjs';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const [[rows, ...broken]] = (await connection.runAndReadAll(sqlOf(process.argv[2]))).getRows();
console.log(`${broken.filter(Boolean).length} of ${broken.length + 1} rules broken, ${rows} rows`);
process.exit(0);
