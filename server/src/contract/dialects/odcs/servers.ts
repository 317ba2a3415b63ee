/** Keys of each type of server in 3.1.0: those it needs, then those it takes. */
const types: Readonly<Record<string, readonly [needs: string, takes?: string]>> = {
  api: ['location'],
  athena: ['stagingDir schema', 'catalog regionName'],
  azure: ['location format', 'delimiter'],
  bigquery: ['project dataset'],
  clickhouse: ['host port database'],
  cloudsql: ['host port database schema'],
  databricks: ['catalog schema', 'host'],
  db2: ['host port database', 'schema'],
  denodo: ['host port', 'database'],
  dremio: ['host port', 'schema'],
  duckdb: ['database', 'schema'],
  glue: ['account database', 'location format'],
  hive: ['host database', 'port'],
  impala: ['host database', 'port'],
  informix: ['host database', 'port'],
  kafka: ['host', 'format'],
  kinesis: ['', 'region format'],
  local: ['path format'],
  mysql: ['host port database'],
  oracle: ['host port serviceName'],
  postgres: ['host port database schema'],
  postgresql: ['host port database schema'],
  presto: ['host', 'catalog schema'],
  pubsub: ['project'],
  redshift: ['database schema', 'host region account'],
  s3: ['location', 'endpointUrl format delimiter'],
  sftp: ['location', 'format delimiter'],
  snowflake: ['account database schema', 'host port warehouse'],
  sqlserver: ['host database schema', 'port'],
  synapse: ['host port database'],
  trino: ['host port catalog schema'],
  vertica: ['host port database schema'],
  zen: ['host database', 'port'],
};

const custom =
  'account catalog database dataset delimiter endpointUrl format host location path port project region regionName schema serviceName stagingDir stream warehouse';

/** Keys that every server may have. */
const common = ['id', 'description', 'environment', 'roles', 'customProperties'];

/** A server as the standard takes it, its keys in order. One that lacks a key of its type is of the type `custom`. */
export function serverKeys(
  type: string,
  properties: Readonly<Record<string, unknown>>,
): { readonly type: string; readonly keys: readonly string[] } {
  const [needs, takes = ''] = (Object.hasOwn(types, type) ? types[type] : undefined) ?? [];
  const needed = needs?.split(' ').filter((key) => key !== '');
  const isWhole = needed?.every((key) => properties[key] !== undefined);
  const own = needed && isWhole ? [...needed, ...takes.split(' ')] : custom.split(' ');
  return { type: isWhole ? type : 'custom', keys: [...common, ...own].filter((key) => properties[key] !== undefined) };
}
