import type { Dialect } from '../../dialect';
import { JSON_SCHEMA } from '../../json-schema';
import { read, recognises } from './read';

/** A JSON Schema that describes one record of data: each row of the data is one. */
export const jsonSchema: Dialect = { id: JSON_SCHEMA, title: 'JSON Schema of records', recognises, read };
