// Schemas that differ little from another are written as what they change: schemas/overlays/X.json gives schemas/X.schema.json.
import { readdirSync, readFileSync } from 'node:fs';

const overlays = 'schemas/overlays';

/**
 * The files that the overlays give, with their text.
 * @returns {readonly { readonly file: string, readonly text: string }[]}
 */
export function derivedSchemas() {
  const ids = readdirSync(overlays).map((name) => name.replace(/\.json$/, ''));
  return ids.sort().map((id) => ({ file: schemaFile(id), text: `${formatted(schemaOf(id), '', 0)}\n` }));
}

const schemaFile = (id) => `schemas/${id}.schema.json`;
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

function schemaOf(id) {
  if (!readdirSync(overlays).includes(`${id}.json`)) return read(schemaFile(id));
  const { $base, ...changes } = read(`${overlays}/${id}.json`);
  return merged(schemaOf($base), changes);
}

/** JSON Merge Patch (RFC 7396: null removes), with two words more: `list+` adds to a list, `list-` takes from it. */
function merged(base, changes) {
  if (!isObject(changes)) return changes;
  const result = isObject(base) ? { ...base } : {};
  for (const [key, change] of Object.entries(changes)) {
    const list = key.slice(0, -1);
    if (key.endsWith('+')) result[list] = [...(result[list] ?? []), ...change];
    else if (key.endsWith('-')) result[list] = result[list].filter((value) => !change.includes(value));
    else if (change === null) delete result[key];
    else result[key] = merged(result[key], change);
  }
  return result;
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

const width = 119;

/** What fits on one line stands on one: a key with its few facts then reads like a row of a table. */
function formatted(value, indent, used) {
  const line = onOneLine(value);
  if (value === null || typeof value !== 'object' || indent.length + used + line.length <= width) return line;
  const inner = `${indent}  `;
  const block = (open, lines, close) => `${open}\n${lines.map((it) => inner + it).join(',\n')}\n${indent}${close}`;
  if (Array.isArray(value))
    return block(
      '[',
      value.map((it) => formatted(it, inner, 0)),
      ']',
    );
  const pairs = Object.entries(value).map(([key, it]) => {
    const name = `${JSON.stringify(key)}: `;
    return name + formatted(it, inner, name.length);
  });
  return block('{', pairs, '}');
}

function onOneLine(value) {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, it]) => `${JSON.stringify(key)}: ${onOneLine(it)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}
