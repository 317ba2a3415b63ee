import { dependencies, version } from '../../package.json';
import type { Tool } from './protocol';

/** What every report says of the program that made it. */
export const TOOL: Tool = { name: 'plumbline', version };

/** The engine that a worker loads, for reports on one that cannot say it any more. Its package adds `-r.N` for its own releases. */
export const ENGINE = { name: 'duckdb', version: dependencies['@duckdb/node-api'].replace(/-r\.\d+$/, '') } as const;
