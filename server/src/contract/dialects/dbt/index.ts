import type { Dialect } from '../../dialect';
import { DBT_SCHEMA, read, recognises } from './read';

/** Properties of dbt's models, sources, seeds and snapshots: `schema.yml`, or any YAML that holds them. Written for dbt 1.10. */
export const dbt: Dialect = {
  id: DBT_SCHEMA,
  title: 'dbt schema',
  recognises,
  read,
};
