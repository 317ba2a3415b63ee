import type { Table } from '../contract/model';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import { answered } from './ask';
import type { Field, Source } from './source';

/**
 * Makes the tables of a contract reachable for its authors' queries under their names and physical names, with values
 * in the types that the contract says. What does not convert is NULL there.
 */
export async function createViews(engine: Engine, sources: readonly Source[]): Promise<void> {
  for (const source of sources) {
    const select = `SELECT ${selection(source)} FROM ${source.scope.relation}`;
    for (const name of namesOf(source.table)) {
      await answered(() => engine.rows(`CREATE OR REPLACE TEMP VIEW ${identifier(name)} AS ${select}`));
    }
    const [schema, name] = source.table.physicalName.split('.');
    if (schema && name && `${schema}.${name}` === source.table.physicalName) {
      await answered(() => engine.rows(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`));
      await answered(() =>
        engine.rows(`CREATE OR REPLACE VIEW ${identifier(schema)}.${identifier(name)} AS ${select}`),
      );
    }
  }
}

const namesOf = ({ name, physicalName }: Table): readonly string[] => [...new Set([name, physicalName])];

function selection(source: Source): string {
  const fields = source.table.columns.flatMap((column) => source.field(column) ?? []);
  const converted = new Map(fields.filter(({ value, stored }) => value !== stored).map((field) => [field.name, field]));
  const replaced = [...converted.values()].map(({ value, name }) => `${value} AS ${identifier(name)}`);
  const replace = replaced.length > 0 ? ` REPLACE (${replaced.join(', ')})` : '';
  return [`*${replace}`, ...renamed(source, fields)].join(', ');
}

/** Columns that the contract calls by another name than the data. */
function renamed({ columns }: Source, fields: readonly Field[]): readonly string[] {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  return fields.flatMap(({ column, value }) => {
    if (taken.has(column.name.toLowerCase())) return [];
    taken.add(column.name.toLowerCase());
    return [`${value} AS ${identifier(column.name)}`];
  });
}
