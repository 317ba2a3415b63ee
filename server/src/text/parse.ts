import { parsePbtxt } from './pbtxt';
import { parseToml } from './toml';
import type { Tree } from './tree';
import { parseYaml } from './yaml';
import { YamlVersions } from './yaml-versions';

/** Syntaxes by the end of a file's name. All others are read as YAML, of which JSON is a part. */
const parsers: readonly (readonly [RegExp, (text: string) => Tree])[] = [
  [/\.(pbtxt|textproto|prototxt)$/i, parsePbtxt],
  [/\.toml$/i, parseToml],
];

/** The tree of a text in the syntax that the name of its file tells. */
export function parseText(path: string, text: string): Tree {
  const [, parse = parseYaml] = parsers.find(([suffix]) => suffix.test(path)) ?? [];
  return parse(text);
}

/** The versions of one text, each read in the syntax that the name of its file tells, and only as far as it has changed. */
export class Versions {
  readonly #yaml = new YamlVersions();

  read(path: string, text: string): Tree {
    const [, parse] = parsers.find(([suffix]) => suffix.test(path)) ?? [];
    return parse ? parse(text) : this.#yaml.read(text);
  }
}
