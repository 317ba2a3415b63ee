// Builds everything that ships into dist/ and, with --tests, every test into out/.
//   node esbuild.mjs [--watch] [--production] [--tests]
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { context, transform } from 'esbuild';
import { validatorEntries, validators } from './scripts/validators.mjs';

const { values: options } = parseArgs({
  options: { watch: { type: 'boolean' }, production: { type: 'boolean' }, tests: { type: 'boolean' } },
});

/** What every bundle shares. Source maps stay out of the VSIX, so production has none. */
const common = {
  bundle: true,
  minify: Boolean(options.production),
  sourcemap: !options.production,
  logLevel: 'warning',
  legalComments: 'none',
};
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Some packages ask for their own place by this name, which CommonJS lacks; `createRequire` takes a path as well.
  define: { 'import.meta.url': '__filename' },
  external: ['vscode', '@duckdb/node-bindings', '@duckdb/node-bindings-*'],
  plugins: [validators()],
};

/**
 * Writes the chunks of ES modules, which alone esbuild splits, as CommonJS, which has the `require` and the `__dirname` that
 * packages ask for. They lie flat, since code looks for its files beside the bundle.
 */
function commonJs() {
  const written = async ({ path, text }) => {
    const { minify } = common;
    const sourcemap = options.production ? false : 'inline';
    // An import as it is would give whatever a chunk exports as its default.
    const supported = { 'dynamic-import': false };
    const how = { format: 'cjs', platform: 'node', target: node.target, supported, sourcemap, minify };
    const { code } = await transform(text, how);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code, { mode: code.startsWith('#!') ? 0o755 : 0o644 });
  };
  return {
    name: 'common-js',
    setup: (build) =>
      build.onEnd(({ outputFiles }) => Promise.all((outputFiles ?? []).map(written)).then(() => undefined)),
  };
}

const shipped = [
  {
    // The stub loads the rest by itself, when a file is ours, and that the explorer of tests, when it is a contract, and
    // the commands, when the first is called.
    ...node,
    outdir: 'dist',
    entryPoints: {
      extension: 'client/src/extension.ts',
      'language-client': 'client/src/language-client.ts',
      'test-explorer/explorer': 'client/src/test-explorer/explorer.ts',
      'commands/commands': 'client/src/commands/commands.ts',
    },
    external: [...node.external, './language-client', './test-explorer/explorer', './commands/commands'],
    supported: { 'dynamic-import': false },
  },
  {
    ...node,
    outdir: 'dist',
    entryPoints: validatorEntries(),
  },
  {
    // One code for three processes, in chunks: each loads what it was asked for and nothing else.
    ...node,
    format: 'esm',
    splitting: true,
    sourcemap: options.production ? false : 'inline',
    outdir: 'dist',
    entryPoints: { server: 'server/src/server.ts', worker: 'server/src/worker.ts', cli: 'server/src/cli.ts' },
    plugins: [...node.plugins, commonJs()],
    write: false,
  },
  {
    ...common,
    outdir: 'dist/page',
    platform: 'browser',
    target: 'chrome120',
    format: 'esm',
    splitting: true,
    entryPoints: {
      main: 'client/page/main.ts',
      page: 'client/page/page.css',
      provenance: 'client/page/provenance/provenance-main.ts',
      'provenance-page': 'client/page/provenance/provenance.css',
    },
    loader: { '.ttf': 'file' },
  },
];

/** Tests keep the layout that the shipped code has: each file beside `validators/`. Base names are unique over test/. */
function tests() {
  const files = readdirSync('test', { recursive: true })
    .filter((file) => /\.(test|host|e2e|vsix)\.ts$/.test(file) && !file.startsWith('fixtures'))
    .map((file) => `test/${file}`);
  const flat = files.map((file) => basename(file));
  const twice = flat.find((name, index) => flat.indexOf(name) !== index);
  if (twice) throw new Error(`Two test files are called ${twice}; rename one, since both are built into out/.`);
  return {
    ...node,
    outdir: 'out',
    entryNames: '[name]',
    entryPoints: files,
    external: [...node.external, 'mocha', 'playwright-core', 'esbuild'],
    minify: false,
    sourcemap: 'inline',
  };
}

/** The extension host's mocha entry stays one folder down, as VS Code is told it, and loads the flat tests beside it. */
const hostEntry = {
  ...node,
  outdir: 'out/host',
  entryPoints: { index: 'test/host/index.ts' },
  external: [...node.external, 'mocha'],
};
const testChunks = { ...node, outdir: 'out', entryPoints: validatorEntries() };

const folder = options.tests ? 'out' : 'dist';
if (!options.watch) for (const old of options.tests ? [] : [folder]) rmSync(old, { recursive: true, force: true });
// The SQLite of MLflow's databases lies beside the bundle that reads it in.
cpSync('node_modules/sql.js/dist/sql-wasm.wasm', join(folder, 'sql-wasm.wasm'));
const contexts = await Promise.all(
  (options.tests ? [tests(), hostEntry, testChunks] : shipped).map((build) => context(build)),
);
if (options.watch) await Promise.all(contexts.map((build) => build.watch()));
else {
  try {
    await Promise.all(contexts.map((build) => build.rebuild()));
  } catch {
    // esbuild has already said what is wrong, and where.
    process.exitCode = 1;
  } finally {
    await Promise.all(contexts.map((build) => build.dispose()));
  }
}
