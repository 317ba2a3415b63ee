import { isMapping, textOf, type Value, valueAt } from './values';

/** What `${…}` of a `dvc.yaml` can name; the last that has a name wins. */
export type Context = readonly Value[];

/** A text or tree with every `${…}` filled in, and the names that nothing answers to. */
export interface Filled {
  readonly value: Value;
  readonly unknown: readonly string[];
}

/** Fills in every `${…}`. A text that is one `${…}` and nothing else becomes the value itself. */
export function filled(value: Value, context: Context): Filled {
  const unknown: string[] = [];
  return { value: fill(value, context, unknown), unknown };
}

function fill(value: Value, context: Context, unknown: string[]): Value {
  if (typeof value === 'string') return fillText(value, context, unknown);
  if (Array.isArray(value)) return value.map((item) => fill(item, context, unknown));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      textOf(fillText(key, context, unknown)) ?? key,
      fill(item, context, unknown),
    ]),
  );
}

function fillText(text: string, context: Context, unknown: string[]): Value {
  const whole = /^\$\{([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return named(whole, context, unknown) ?? text;
  return text.replace(/(\\?)\$\{([^}]+)\}/g, (all, backslash: string, name: string) => {
    if (backslash) return all.slice(1);
    return textOf(named(name, context, unknown)) ?? all;
  });
}

function named(name: string, context: Context, unknown: string[]): Value | undefined {
  const found = context.map((values) => valueAt(values, name.trim())).findLast((value) => value !== undefined);
  if (found === undefined) unknown.push(name.trim());
  return found;
}
