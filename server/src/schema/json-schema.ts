/**
 * The part of JSON Schema 2019-09 that the schemas in schemas/ are written in, and their annotations. A schema chooses by
 * `if`, never by alternatives, so that a refusal always stems from the branch that the author chose; the only `oneOf` is
 * one of required keys.
 */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly deprecated?: boolean;

  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly unevaluatedProperties?: boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;

  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;

  /** What a message calls such an object, with its article: `a quality rule`. */
  readonly noun?: string;
  /** Parallel to `enum`. */
  readonly enumDescriptions?: readonly string[];
  /** Keyword → the sentence to say when it refuses. */
  readonly messages?: Readonly<Record<string, string>>;
  /** What the `oneOf` of required keys is a choice of: `operator`. */
  readonly choice?: string;
  /** Keys that belong to another branch, with what to say; the first that fits speaks for all of them. */
  readonly misplaced?: readonly Misplaced[];
  /** Wrong key of an object, or wrong value of a list of allowed ones, that is often written → the right one. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What to write instead of this deprecated key. */
  readonly replacedBy?: string;
  /** Keys without which an object is accepted, but warned of; `messages.recommended` says why. */
  readonly recommended?: readonly string[];
  /** `warning`: other keys are allowed here, but mean nothing. */
  readonly unknownKeys?: 'warning';
}

export type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';

export interface Misplaced {
  readonly keys: readonly string[];
  readonly message: string;
  /** The key to write instead. */
  readonly use?: string;
}
