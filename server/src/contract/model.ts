import type { MapNode, Node, Scalar, ScalarNode, Tree } from '../text/tree';

/**
 * A data contract in the terms of ODCS, whatever file it was read from. Every part keeps the node it was read from, so
 * that a finding about it knows its place. A contract that is broken still gives all that could be read.
 */
export interface Contract {
  readonly dialect: string;
  readonly tree: Tree;
  readonly apiVersion: string | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly status: string | undefined;
  readonly tables: readonly Table[];
  readonly servers: readonly Server[];
  readonly sla: readonly SlaProperty[];
  readonly about?: ContractAbout;
  /** `slaDefaultElement`, deprecated in 3.1: the column of every SLA property that names none. */
  readonly slaDefaultElement: Word | undefined;
}

/** What people are told of a part: nothing of it is checked, conversions keep it. */
export interface About {
  readonly description?: string;
  readonly businessName?: string;
  readonly tags?: readonly string[];
  /** ODCS: customProperties, by name. */
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** The parts of it that are said at all. */
export const said = <T extends About>(about: T): T =>
  Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined)) as T;

/** ODCS: the fundamentals, whose `description` has three parts. The first is `description.purpose`. */
export interface ContractAbout extends About {
  readonly usage?: string;
  readonly limitations?: string;
  readonly domain?: string;
  readonly dataProduct?: string;
  readonly tenant?: string;
  /** Who answers for it: a person or a team, by name. */
  readonly owner?: string;
}

export interface ColumnAbout extends About {
  readonly classification?: string;
  readonly examples?: readonly Scalar[];
}

/** A word of the contract with its place. */
export interface Word {
  readonly text: string;
  readonly node: ScalarNode;
}

/** ODCS: schema object. */
export interface Table {
  readonly name: string;
  /** Name of the table or file in the store; the name when the contract gives none. */
  readonly physicalName: string;
  readonly columns: readonly Column[];
  readonly rules: readonly Rule[];
  readonly relationships: readonly Relationship[];
  /**
   * Whether its columns are only described: that they exist, and of which type they are, is then nothing that the
   * author demands, as in a dbt model without an enforced contract.
   */
  readonly described?: boolean;
  /**
   * Whether values of a file without types are looked at as they are written, or by the types that
   * the engine finds in them. Left out, they are as written where columns are declared and not only described.
   */
  readonly asWritten?: boolean;
  /**
   * Data that the file itself names for this table, and what they are compared with: dataset references that start at the
   * file. Another that the person gives goes before them.
   */
  readonly named?: { readonly data?: string; readonly reference?: string; readonly form?: CellForm };
  readonly about?: About;
  readonly node: MapNode;
  readonly nameNode: Node;
}

/** How the cells of a text file are written, as far as its description tells. */
export interface CellForm {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  /** Whether the first line names the columns. */
  readonly header?: boolean;
  /** What a line begins with that is no row. */
  readonly comment?: string;
}

/** ODCS: schema property, nested ones and array items included. */
export interface Column {
  readonly name: string;
  /** From the table: `address.city`, an array's item `tags[]`. */
  readonly path: string;
  readonly physicalName: string;
  readonly logicalType: string | undefined;
  readonly physicalType: string | undefined;
  readonly options: Readonly<Record<string, Scalar>>;
  readonly optionNodes: Readonly<Record<string, Node>>;
  readonly required: boolean;
  /** Whether the data may lack it: nothing of it is then checked. */
  readonly optional?: boolean;
  readonly unique: boolean;
  readonly primaryKey: boolean;
  /** From 1; undefined when the contract gives none. */
  readonly primaryKeyPosition: number | undefined;
  /** ODCS 3.2 `enum`: the values allowed. */
  readonly values: readonly Scalar[] | undefined;
  readonly rules: readonly Rule[];
  readonly relationships: readonly Relationship[];
  /** Of an object. */
  readonly columns: readonly Column[];
  /** Of an array. */
  readonly items: Column | undefined;
  readonly about?: ColumnAbout;
  readonly node: MapNode;
  readonly nameNode: Node;
}

export type RuleType = 'library' | 'sql' | 'text' | 'custom';

/** ODCS: one entry of `quality`. */
export interface Rule {
  /** The rule's own id. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly type: RuleType | string;
  /** Library metric; the words of 3.0's `rule` where they have one meaning. */
  readonly metric: string | undefined;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly operators: readonly Operator[];
  readonly unit: string | undefined;
  readonly query: string | undefined;
  readonly engine: string | undefined;
  readonly implementation: unknown;
  readonly dimension: string | undefined;
  readonly severity: string | undefined;
  readonly description: string | undefined;
  /** A condition in SQL: only rows for which it is true are looked at. */
  readonly filter?: string;
  readonly node: MapNode;
}

/** The operators of a rule, which compare what was observed with a value. */
export const operatorKeywords: readonly string[] = [
  'mustBe',
  'mustNotBe',
  'mustBeGreaterThan',
  'mustBeGreaterOrEqualTo',
  'mustBeLessThan',
  'mustBeLessOrEqualTo',
  'mustBeBetween',
  'mustNotBeBetween',
];

export interface Operator {
  /** `mustBe`, `mustBeBetween`, … */
  readonly keyword: string;
  readonly value: unknown;
  readonly node: Node;
}

/** Columns of this table that point at columns of another: equally many on both sides when the contract is sound. */
export interface Relationship {
  readonly from: readonly Word[];
  readonly to: readonly Word[];
  readonly type: string;
  readonly node: MapNode;
}

export interface Server {
  readonly name: string;
  readonly type: string;
  /** Every key of the server as written. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly node: MapNode;
}

export interface SlaProperty {
  readonly property: string;
  readonly value: Scalar;
  readonly unit: string | undefined;
  /** `table.column`, several where the contract lists several. */
  readonly elements: readonly Word[];
  readonly node: MapNode;
}

/** A column of which nothing is said but its name. `path` is given for one that hangs below another. */
export const plainColumn = (name: string, node: MapNode, nameNode: Node, path = name): Column => ({
  name,
  path,
  physicalName: name,
  logicalType: undefined,
  physicalType: undefined,
  options: {},
  optionNodes: {},
  required: false,
  unique: false,
  primaryKey: false,
  primaryKeyPosition: undefined,
  values: undefined,
  rules: [],
  relationships: [],
  columns: [],
  items: undefined,
  node,
  nameNode,
});

/** A rule of which nothing is said but its kind. */
export const plainRule = (type: RuleType, node: MapNode): Rule => ({
  id: undefined,
  name: undefined,
  type,
  metric: undefined,
  arguments: {},
  operators: [],
  unit: undefined,
  query: undefined,
  engine: undefined,
  implementation: undefined,
  dimension: undefined,
  severity: undefined,
  description: undefined,
  node,
});

/** A contract of which nothing is said but its tables. */
export const plainContract = (dialect: string, tree: Tree, tables: readonly Table[]): Contract => ({
  dialect,
  tree,
  apiVersion: undefined,
  id: undefined,
  name: undefined,
  version: undefined,
  status: undefined,
  tables,
  servers: [],
  sla: [],
  slaDefaultElement: undefined,
});

/** The columns of a table's primary key in its order; those that say no position come last, as they stand. */
export const primaryKeyOf = ({ columns }: Table): readonly Column[] =>
  columns.filter(({ primaryKey }) => primaryKey).toSorted((one, other) => positionIn(one) - positionIn(other));

const positionIn = ({ primaryKeyPosition }: Column): number => primaryKeyPosition ?? Number.MAX_SAFE_INTEGER;

/** All columns of a table, nested ones and items included, parents first. */
export function columnsOf(table: Table): readonly Column[] {
  const known = gathered.get(table) ?? allColumns(table);
  gathered.set(table, known);
  return known;
}

/** Nearly every rule asks for the columns of a table. */
const gathered = new WeakMap<Table, readonly Column[]>();

function allColumns(table: Table): readonly Column[] {
  const below = (column: Column): readonly Column[] => [
    column,
    ...column.columns.flatMap(below),
    ...(column.items ? below(column.items) : []),
  ];
  return table.columns.flatMap(below);
}
