import { isMap } from '../../contract/expectations';
import { comparand, isIn, numberIn, type Operand } from './operand';

/** Finds a column of the data, undefined when they have none of that name. */
type Find = (name: string) => Operand | undefined;

/** Why a row condition is not followed: one that nobody can read here is skipped, one that is wrong is an error. */
export class ConditionRefused extends Error {
  override readonly name = 'ConditionRefused';

  constructor(
    message: string,
    readonly verdict: 'skipped' | 'unjudged' = 'skipped',
  ) {
    super(message);
  }
}

/**
 * SQL, never NULL, of the rows that a `row_condition` leaves: a text for pandas' `query`, for Spark or in GX's own words
 * `col("x") > 5`, as far as it compares columns with values, or 1.x's object. A missing value meets no comparison but ≠.
 *
 * @throws ConditionRefused
 */
export function rowConditionSql(condition: unknown, find: Find): string {
  if (typeof condition === 'string') return new Parser(tokensOf(condition), find, condition).whole();
  if (isMap(condition)) return objectSql(condition, find);
  throw new ConditionRefused(`The row condition ${JSON.stringify(condition)} is no condition.`, 'unjudged');
}

type Value = string | number | boolean | null | readonly (string | number | boolean | null)[];

const comparisons: Readonly<Record<string, string>> = {
  '==': '=',
  '=': '=',
  '!=': '<>',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function column(name: string, find: Find): Operand {
  const operand = find(name);
  if (operand) return operand;
  throw new ConditionRefused(`The row condition names the column "${name}", which is not in the data.`, 'unjudged');
}

function comparisonSql(operand: Operand, sign: string, value: Value): string {
  if (sign === '=' || sign === '<>') {
    const same = `coalesce(${isIn(operand, [value])}, false)`;
    return sign === '=' ? same : `NOT ${same}`;
  }
  const plain: Operand =
    operand.is === 'boolean' ? { ...operand, is: 'number', value: numberIn(operand) ?? operand.value } : operand;
  const made = comparand(plain, value);
  if (typeof made === 'string') throw new ConditionRefused(made, 'unjudged');
  return `coalesce(${plain.value} ${sign} ${made.sql}, false)`;
}

const memberSql = (operand: Operand, values: readonly unknown[]): string => `coalesce(${isIn(operand, values)}, false)`;

/** The object of 1.x. */
function objectSql(condition: Readonly<Record<string, unknown>>, find: Find): string {
  const { type, conditions, operator, parameter, is_null, pass_through_filter } = condition;
  const name = isMap(condition.column) ? condition.column.name : condition.column;
  if ((type === 'and' || type === 'or') && Array.isArray(conditions)) {
    const parts = conditions.map((part) => rowConditionSql(part, find));
    return `(${parts.join(type === 'and' ? ' AND ' : ' OR ') || 'true'})`;
  }
  if (type === 'pass_through') return rowConditionSql(pass_through_filter, find);
  if (typeof name === 'string' && type === 'nullity') {
    const { present } = column(name, find);
    return is_null === true ? `NOT ${present}` : present;
  }
  if (typeof name === 'string' && type === 'comparison' && typeof operator === 'string') {
    const operand = column(name, find);
    if (operator === 'IN' || operator === 'NOT_IN') {
      const member = memberSql(operand, Array.isArray(parameter) ? parameter : [parameter]);
      return operator === 'IN' ? member : `NOT ${member}`;
    }
    const sign = comparisons[operator];
    if (sign !== undefined) return comparisonSql(operand, sign, parameter as Value);
  }
  throw new ConditionRefused(`The row condition ${JSON.stringify(condition)} is none that Plumbline knows.`);
}

interface Token {
  readonly kind: 'name' | 'column' | 'text' | 'number' | 'sign';
  readonly text: string;
}

const forms: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/],
  ['column', /^`[^`]+`/],
  ['number', /^\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/],
  ['name', /^[\p{L}_][\p{L}\p{N}_]*/u],
  ['sign', /^(?:==|!=|<>|<=|>=|&&|\|\||[<>=&|~(),[\].-])/],
];

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const found = forms
      .map(([kind, form]) => ({ kind, text: form.exec(rest)?.[0] }))
      .find((token) => token.text !== undefined);
    if (found?.text === undefined) throw unreadable(text);
    tokens.push({ kind: found.kind, text: found.text });
    at += found.text.length;
  }
  return tokens;
}

const unreadable = (text: string): ConditionRefused =>
  new ConditionRefused(
    `The row condition ${text} is more than Plumbline can read: compare columns with values, joined by and, or, not.`,
  );

const words: Readonly<Record<string, Value>> = {
  True: true,
  False: false,
  true: true,
  false: false,
  None: null,
  TRUE: true,
  FALSE: false,
};
/** Methods of a column that ask for its missing values, as pandas, Spark and GX write them. */
const nullities: Readonly<Record<string, 'null' | 'present'>> = {
  isnull: 'null',
  isna: 'null',
  isNull: 'null',
  notnull: 'present',
  notna: 'present',
  notNull: 'present',
  isNotNull: 'present',
};

/** Levels of parentheses. */
const DEEPEST = 50;

class Parser {
  #at = 0;
  #depth = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly find: Find,
    readonly text: string,
  ) {}

  whole(): string {
    const sql = this.#either();
    if (this.#at < this.tokens.length) throw unreadable(this.text);
    return sql;
  }

  #either(): string {
    const parts = [this.#both()];
    while (this.#takes('or', '|', '||')) parts.push(this.#both());
    return parts.length === 1 ? String(parts[0]) : `(${parts.join(' OR ')})`;
  }

  #both(): string {
    const parts = [this.#single()];
    while (this.#takes('and', '&', '&&')) parts.push(this.#single());
    return parts.length === 1 ? String(parts[0]) : `(${parts.join(' AND ')})`;
  }

  #single(): string {
    if (++this.#depth > DEEPEST) throw unreadable(this.text);
    const sql = this.#takes('not', '~')
      ? `NOT ${this.#single()}`
      : this.#takes('(')
        ? this.#inside()
        : this.#comparison();
    this.#depth--;
    return sql;
  }

  #inside(): string {
    const sql = this.#either();
    this.#needs(')');
    return `(${sql})`;
  }

  #comparison(): string {
    const operand = this.#column();
    if (this.#takes('.')) return this.#method(operand);
    if (this.#takes('is')) return this.#isNull(operand);
    const isNot = this.#takes('not');
    if (this.#takes('in')) return `${isNot ? 'NOT ' : ''}${memberSql(operand, this.#list())}`;
    if (isNot) throw unreadable(this.text);
    const sign = this.#peek()?.kind === 'sign' ? comparisons[this.#peek()?.text ?? ''] : undefined;
    if (sign !== undefined) {
      this.#at++;
      return comparisonSql(operand, sign, this.#value());
    }
    if (operand.is !== 'boolean') throw unreadable(this.text);
    return `coalesce(${operand.value}, false)`;
  }

  #method({ present, ...operand }: Operand): string {
    const name = this.#next();
    const nullity = nullities[name];
    this.#needs('(');
    if (name === 'isin') {
      const values = this.#list();
      this.#needs(')');
      return memberSql({ present, ...operand }, values);
    }
    this.#needs(')');
    if (nullity === undefined) throw unreadable(this.text);
    return nullity === 'null' ? `NOT ${present}` : present;
  }

  #isNull({ present }: Operand): string {
    const isNot = this.#takes('not');
    if (!this.#takes('null')) throw unreadable(this.text);
    return isNot ? present : `NOT ${present}`;
  }

  /** `x`, `` `my x` `` or `col("x")`. */
  #column(): Operand {
    const token = this.#peek();
    if (token?.kind === 'column') {
      this.#at++;
      return column(token.text.slice(1, -1), this.find);
    }
    if (token?.kind !== 'name') throw unreadable(this.text);
    this.#at++;
    if (token.text !== 'col' || this.#peek()?.text !== '(') return column(token.text, this.find);
    this.#needs('(');
    const name = this.#value();
    this.#needs(')');
    return column(String(name), this.find);
  }

  #list(): readonly unknown[] {
    const close = this.#takes('[') ? ']' : this.#takes('(') ? ')' : undefined;
    if (close === undefined) throw unreadable(this.text);
    const values: unknown[] = [];
    while (!this.#takes(close)) {
      values.push(this.#value());
      if (!this.#takes(',') && this.#peek()?.text !== close) throw unreadable(this.text);
    }
    return values;
  }

  #value(): Value {
    const isNegative = this.#takes('-');
    const token = this.#peek();
    this.#at++;
    if (token?.kind === 'number') return (isNegative ? -1 : 1) * Number(token.text);
    if (token?.kind === 'text' && !isNegative) return token.text.slice(1, -1).replace(/\\(.)/g, '$1');
    const word =
      token?.kind === 'name' && !isNegative && Object.hasOwn(words, token.text) ? words[token.text] : undefined;
    if (word === undefined) throw unreadable(this.text);
    return word;
  }

  #peek(): Token | undefined {
    return this.tokens[this.#at];
  }

  #next(): string {
    return this.tokens[this.#at++]?.text ?? '';
  }

  /** Words of the language may be in capitals, as in SQL. */
  #takes(...texts: readonly string[]): boolean {
    const token = this.#peek();
    if (token?.kind !== 'sign' && token?.kind !== 'name') return false;
    const isOne = texts.some(
      (text) => text === token.text || (token.kind === 'name' && text === token.text.toLowerCase()),
    );
    if (isOne) this.#at++;
    return isOne;
  }

  #needs(text: string): void {
    if (!this.#takes(text)) throw unreadable(this.text);
  }
}
