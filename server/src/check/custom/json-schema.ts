import { type Asked, allowsNull, askedBy, isPresence, JSON_SCHEMA, typesOf } from '../../contract/json-schema';
import type { Rule } from '../../contract/model';
import { text } from '../../sql/fragment';
import { amount, number } from '../../text/words';
import { type Check, counting, type Data, type Measure, nothing, type Outcome, type Subject, unjudged } from '../check';
import type { CustomEngine } from '../custom-engine';
import { familyOf } from '../logical-type';
import { ruled } from '../rule';
import type { Field } from '../source';

/** Keywords of JSON Schema, judged by ajv over the distinct values of a column, or over distinct rows. */
export const jsonSchema: CustomEngine = { names: ['jsonschema'], check };

function check(subject: Subject, rule: Rule): Check {
  const asked = askedBy(rule);
  const measure = (data: Data) =>
    asked
      ? measureFor(subject, asked, data)
      : unjudged(`A rule of the engine ${JSON_SCHEMA} needs "implementation: {keyword: …, schema: {…}}".`);
  const keyword = asked?.keyword ?? 'custom';
  const made = ruled(subject, rule, { kind: keyword, dimension: 'conformity', expected: expectedOf(asked), measure });
  return { ...made, node: rule.node };
}

const SHOWN = 60;

function expectedOf(asked: Asked | undefined): string {
  if (!asked || isPresence(asked)) return 'there';
  const words = JSON.stringify(asked.schema[asked.keyword] ?? asked.keyword);
  return `${asked.keyword} ${words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words}`;
}

function measureFor(subject: Subject, asked: Asked, data: Data): Measure {
  if (asked.ofRows || !subject.column) return rowsMeasure(asked, data);
  const { column } = subject;
  const field = data.source.columns.some(({ name }) => name === column.name)
    ? data.source.named(column.name)
    : undefined;
  const schema = asked.properties?.[column.name];
  if (isPresence(asked)) return presence(column.name, field, schema, data);
  if (!field)
    return nothing({ verdict: 'holds', observed: 0, message: `No row has "${column.name}", so none can be wrong.` });
  return judged(asked, field, column.name, cellOf(field, schema), data);
}

/** A null is an absent property, unless the schema says that it is a value. */
function presence(name: string, field: Field | undefined, schema: unknown, { source }: Data): Measure {
  const predicate = field ? (allowsNull(schema) ? 'false' : `${field.stored} IS NULL`) : 'true';
  return {
    via: 'scan',
    of: source.scope,
    figures: { broken: counting(predicate) },
    judge: ({ broken = 0 }, rows) => outcome(broken, rows, `"${name}" is required`),
    failing: { predicate, fields: field ? [field] : [] },
  };
}

const judged = (asked: Asked, field: Field, who: string, value: string, data: Data): Measure => ({
  via: 'values',
  of: data.source.scope,
  text: value,
  bad: 'false',
  test: { by: 'json-schema', schema: asked.schema },
  figures: { rows: counting('true') },
  judge: ({ broken = 0 }, rows) => outcome(broken, rows, `"${who}" should be as "${asked.keyword}" says`),
  failing: { predicate: '', fields: [field] },
});

function rowsMeasure(asked: Asked, { source }: Data): Measure {
  const parts = source.columns.flatMap(({ name }) => {
    const field = source.named(name);
    if (!field) return [];
    const cell = cellOf(field, asked.properties?.[name]);
    return [`${text(`${JSON.stringify(name)}:`)} || ${cell}`];
  });
  const row = `'{' || concat_ws(',', ${parts.join(', ') || "''"}) || '}'`;
  return {
    via: 'values',
    of: source.scope,
    text: `(${row})`,
    bad: 'false',
    test: { by: 'json-schema', schema: asked.schema },
    figures: { rows: counting('true') },
    judge: ({ broken = 0 }, rows) => outcome(broken, rows, `A record should be as "${asked.keyword}" says`),
    failing: { predicate: '', fields: [] },
  };
}

function outcome(broken: number, rows: number, what: string): Outcome {
  const observed = { observed: broken, unexpected: broken };
  if (broken === 0)
    return { verdict: 'holds', ...observed, message: `${what}, and all ${amount(rows, 'row')} are so.` };
  const message = `${what}, but ${number(broken)} of ${amount(rows, 'row')} ${broken === 1 ? 'is' : 'are'} not so.`;
  return { verdict: 'fails', ...observed, message };
}

const NUMBER = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?';

/** SQL of a cell as JSON, NULL where it is absent: in a file of text by the types that its schema names. */
function cellOf(field: Field, schema: unknown): string {
  const { stored } = field;
  const json = field.untyped || field.type === 'VARCHAR' ? textCell(field, typesOf(schema)) : typedCell(field);
  const cell = `CASE WHEN ${stored} IS NOT NULL THEN ${json} END`;
  return allowsNull(schema) ? `coalesce(${cell}, 'null')` : `(${cell})`;
}

/** Members that a file of JSON leaves out are nulls to an engine, and go again. */
function typedCell({ stored, type }: Field): string {
  if (familyOf(type) === 'object') return `CAST(json_merge_patch('{}', to_json(${stored})) AS VARCHAR)`;
  return type === 'JSON' ? `CAST(${stored} AS VARCHAR)` : `CAST(to_json(${stored}) AS VARCHAR)`;
}

function textCell({ text: cell, untyped }: Field, types: readonly string[]): string {
  const has = (...wanted: readonly string[]) => untyped && wanted.some((type) => types.includes(type));
  const cases = [
    ...(has('integer', 'number') ? [`WHEN regexp_full_match(${cell}, ${text(NUMBER)}) THEN ${cell}`] : []),
    ...(has('boolean') ? [`WHEN lower(${cell}) IN ('true', 'false') THEN lower(${cell})`] : []),
    ...(has('object', 'array')
      ? [
          `WHEN CASE WHEN json_valid(${cell}) THEN json_type(${cell}) IN ('OBJECT', 'ARRAY') ELSE false END THEN ${cell}`,
        ]
      : []),
  ];
  const plain = `CAST(to_json(${cell}) AS VARCHAR)`;
  return cases.length === 0 ? plain : `CASE ${cases.join(' ')} ELSE ${plain} END`;
}
