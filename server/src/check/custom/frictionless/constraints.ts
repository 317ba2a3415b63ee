import { type Asked, type FieldsMatch, takesConstraint } from '../../../contract/frictionless';
import { text } from '../../../sql/fragment';
import { number } from '../../../text/words';
import { counting, type Data, type Measure, type Subject, unjudged } from '../../check';
import { pythonPattern } from '../../expectations/python-pattern';
import { list } from '../../words';
import type { Cells } from './cells';
import { counted, ofCells } from './rows';

type Constraint = Extract<Asked, { readonly check: 'constraint-error' }>;

export function constraintWords({ constraint, value }: Constraint): string {
  const words = kinds[constraint];
  return words ? words.be(value) : `${constraint}: ${String(value)}`;
}

export function constraintMeasure(subject: Subject, asked: Constraint, match: FieldsMatch, data: Data): Measure {
  const { constraint, value, field } = asked;
  const kind = kinds[constraint];
  if (!kind || !takesConstraint(field.type, constraint))
    return unjudged(
      `The constraint "${constraint}" is not one of type "${field.type}", so that frictionless refuses the schema.`,
    );
  return ofCells(subject, match, data, (cells) => {
    if (constraint === 'pattern') return patternMeasure(cells, String(value), match, data);
    const broken = kind.broken?.(cells, value);
    if (broken === undefined)
      return unjudged(`"${constraint}: ${String(value)}" is nothing that can be compared with.`);
    return counted(cells, data.source, match, {
      broken,
      be: kind.be(value),
      are: kind.are,
      ofBlank: constraint === 'required',
    });
  });
}

interface Kind {
  be(value: unknown): string;
  readonly are: readonly [one: string, several: string];
  /** SQL that is true for a cell at fault; undefined for a value that nothing can be compared with. */
  broken?(cells: Cells, value: unknown): string | undefined;
}

const readable = ({ present, reads }: Cells): string => `${present} AND ${reads}`;

function bound(be: string, operator: string, are: Kind['are']): Kind {
  return {
    be: (value) => `${be} ${typeof value === 'number' ? number(value) : String(value)}`,
    are,
    // What is no number is within no bounds.
    broken: (cells, value) =>
      `${readable(cells)} AND coalesce(${cells.value} ${operator} ${cells.valueOf(String(value))}${
        cells.isNumber ? ` OR isnan(CAST(${cells.value} AS DOUBLE))` : ''
      }, false)`,
  };
}

function length(be: string, operator: string, are: Kind['are']): Kind {
  return {
    be: (value) => `${be} ${String(value)} long`,
    are,
    broken: (cells, value) =>
      typeof value === 'number'
        ? `${readable(cells)} AND coalesce(${cells.length} ${operator} ${value}, false)`
        : undefined,
  };
}

const kinds: Readonly<Record<string, Kind>> = {
  required: {
    be: () => 'there',
    are: ['is missing', 'are missing'],
    broken: ({ present }) => `NOT ${present}`,
  },
  minimum: bound('at least', '<', ['is below', 'are below']),
  maximum: bound('at most', '>', ['is above', 'are above']),
  exclusiveMinimum: bound('more than', '<=', ['is not', 'are not']),
  exclusiveMaximum: bound('less than', '>=', ['is not', 'are not']),
  minLength: length('at least', '<', ['is shorter', 'are shorter']),
  maxLength: length('at most', '>', ['is longer', 'are longer']),
  enum: {
    be: (value) => `one of ${list(Array.isArray(value) ? value : [])}`,
    are: ['is not', 'are not'],
    broken: (cells, value) => {
      if (!Array.isArray(value)) return undefined;
      const listed = value.map((one) => cells.valueOf(typeof one === 'object' ? JSON.stringify(one) : String(one)));
      return `${readable(cells)} AND NOT coalesce(${cells.value} IN (${[...listed, 'NULL'].join(', ')}), false)`;
    },
  },
  pattern: { be: (value) => `like ${String(value)}`, are: ['is not', 'are not'] },
};

/** Frictionless puts the pattern between the two ends of the text, without a group around it. */
function patternMeasure(cells: Cells, source: string, match: FieldsMatch, { source: data }: Data): Measure {
  const pattern = pythonPattern(`^(?:^${source}$)`);
  if (!pattern) return unjudged(`"${source}" is no regular expression that Plumbline can run.`);
  const fault = { be: `like ${source}`, are: ['is not', 'are not'] } as const;
  const { re2, ecma } = pattern;
  if (re2 !== undefined) {
    const broken = `${readable(cells)} AND NOT regexp_matches(${cells.value}, ${text(re2)})`;
    return counted(cells, data, match, { broken, ...fault });
  }
  const whole = counted(cells, data, match, { broken: 'false', ...fault });
  if (whole.via !== 'scan') return whole;
  return {
    via: 'values',
    of: whole.of,
    text: cells.value,
    bad: 'false',
    test: { by: 'pattern', pattern: ecma },
    figures: { rows: counting('true') },
    judge: whole.judge,
    failing: { predicate: '', fields: [cells.field] },
  };
}
