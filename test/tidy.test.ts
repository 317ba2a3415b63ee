import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorOf } from '../server/src/tool';

const read = (path: string): string => readFileSync(path, 'utf8');
const manifest = JSON.parse(read('package.json'));
const texts: Readonly<Record<string, string>> = JSON.parse(read('package.nls.json'));
const { contributes } = manifest;

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') || file.endsWith('.tsx'))
    .map((file) => join(folder, file));
const clientCode = sources('client/src').map(read).join('\n');
const serverCode = sources('server/src').map(read).join('\n');

const difference = (a: Iterable<string>, b: Iterable<string>): readonly string[] => {
  const others = new Set(b);
  return [...new Set(a)].filter((item) => !others.has(item)).sort();
};

describe('the manifest', () => {
  const commands: readonly string[] = contributes.commands.map(({ command }: { command: string }) => command);

  it('has a text for every key it names, and names every text', () => {
    const named = [...read('package.json').matchAll(/%([\w.]+)%/g)].map(([, key]) => key ?? '');
    assert.deepEqual(difference(named, Object.keys(texts)), []);
    assert.deepEqual(difference(Object.keys(texts), named), []);
  });

  it('declares the commands that the code registers, and no other', () => {
    const ids = /export const commandIds = \[([^\]]+)\]/.exec(read('client/src/extension.ts'))?.[1] ?? '';
    const registered = [
      ...[...ids.matchAll(/'(\w+)'/g)].map(([, id]) => `plumbline.${id}`),
      ...[...clientCode.matchAll(/registerCommand\('(plumbline\.\w+)'/g)].map(([, id]) => id ?? ''),
    ];
    assert.deepEqual(difference(commands, registered), []);
    assert.deepEqual(difference(registered, commands), []);
  });

  it('puts only commands into menus that it declares', () => {
    const placed = Object.values<readonly { command: string }[]>(contributes.menus).flatMap((items) =>
      items.map(({ command }) => command),
    );
    assert.deepEqual(difference(placed, commands), []);
  });

  it('has settings that the code reads, each with a scope, a default and a text', () => {
    const settings = Object.entries<Record<string, unknown>>(
      Object.assign({}, ...contributes.configuration.map(({ properties }: { properties: object }) => properties)),
    );
    for (const [name, setting] of settings) {
      assert.ok('default' in setting && 'scope' in setting && 'markdownDescription' in setting, name);
      const [, area, leaf] = name.split('.');
      const isRead = [`'${area}.${leaf}'`, `.${area}?.${leaf}`, `.${area}.${leaf}`].some(
        (word) => clientCode.includes(word) || serverCode.includes(word),
      );
      assert.ok(isRead || name === 'plumbline.trace.server', `nothing reads ${name}`);
    }
  });

  it('names files that are there', () => {
    const paths = [
      manifest.icon,
      ...[...read('package.json').matchAll(/"(?:\.\/)?(client\/media\/[^"]+)"/g)].map(([, path]) => path),
    ];
    for (const path of paths) assert.ok(existsSync(path), path);
  });

  it('has its commands and settings in the README', () => {
    const readme = read('README.md');
    const titles = commands.map((command) => (texts[command.replace('plumbline.', '')] ?? '').replace('...', ''));
    for (const title of titles) assert.ok(readme.includes(title), `the README does not name «${title}»`);
    for (const { properties } of contributes.configuration) {
      for (const name of Object.keys(properties))
        assert.ok(readme.includes(`\`${name}\``), `the README does not name ${name}`);
    }
  });
});

describe('generated files', () => {
  it('are fresh', () => {
    execFileSync('node', ['scripts/gen.mjs', '--check'], { stdio: 'pipe' });
  });
});

describe('the shipped bundles', () => {
  /** Kilobytes that each may have: a start-up that grows is noticed here and not by a user. */
  const budgets: Readonly<Record<string, number>> = {
    'extension.js': 40,
    'language-client.js': 480,
    'page/main.js': 350,
  };

  for (const [name, budget] of Object.entries(budgets)) {
    it(`${name} stays below ${budget} KB`, () => {
      const size = readFileSync(join('dist', name)).length / 1024;
      assert.ok(size <= budget, `${size.toFixed(0)} KB`);
    });
  }

  /**
   * Kilobytes that each process loads before it does anything, chunks included, and the rooms that it loads when it is asked
   * for them. Of what a check needs, yaml takes 120, DuckDB's own client 205.
   */
  const loads = [
    { what: 'the command line', file: /^cli\.js$/, holds: '', budget: 30 },
    { what: 'the server', file: /^server\.js$/, holds: '', budget: 1300 },
    { what: 'the worker', file: /^worker\.js$/, holds: '', budget: 100 },
    { what: 'a check', file: /^run-\w+\.js$/, holds: 'runCheck', budget: 600 },
    { what: "a check's engine", file: /^duckdb-\w+\.js$/, holds: 'openDuckDB', budget: 220 },
  ];

  for (const { what, file, holds, budget } of loads) {
    it(`${what} loads less than ${budget} KB`, () => {
      const name = readdirSync('dist').find((one) => file.test(one) && read(join('dist', one)).includes(holds));
      const files = chunksOf(name ?? assert.fail(`nothing in dist/ is ${what}`));
      const size = [...files].reduce((sum, one) => sum + readFileSync(join('dist', one)).length, 0) / 1024;
      assert.ok(size <= budget, `${size.toFixed(0)} KB`);
    });
  }

  /** The file and the chunks that it loads with itself; what is loaded when asked for has another name. */
  function chunksOf(name: string, seen: Set<string> = new Set()): ReadonlySet<string> {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const [, chunk] of read(join('dist', name)).matchAll(/require\("\.\/(chunk-\w+\.js)"\)/g))
      chunksOf(chunk ?? '', seen);
    return seen;
  }
});

describe('the README', () => {
  const readme = read('README.md');

  it('names every code of a finding', () => {
    const codes = [...serverCode.matchAll(/code: '((?:contract|manifest|yaml|schema|provenance|check)\/[\w-]+)'/g)].map(
      ([, code]) => code ?? '',
    );
    assert.ok(codes.length > 20, `${codes.length} codes were found in the sources`);
    for (const code of new Set(codes))
      assert.ok(readme.includes(`\`${code}\``), `the README does not document ${code}`);
  });

  it('has one line of the reference for each address that a diagnostic leads to', () => {
    const lines = [...readme.matchAll(/<a id="([^"]+)"><\/a>`([^`]+)`/g)];
    for (const [, anchor, code] of lines) assert.equal(anchor, anchorOf(code ?? ''));
    assert.equal(new Set(lines.map(([, anchor]) => anchor)).size, lines.length);
  });

  it('links to files that are there', () => {
    for (const [, path] of readme.matchAll(/\]\(([^)#:]+)\)/g)) assert.ok(existsSync(path ?? ''), path);
  });
});
