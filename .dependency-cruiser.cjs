// Who may import whom: downward only. Each row may import its own rooms' files and the rows above it.
const layers = [
  ['text', 'world.ts', 'protocol.ts', 'glance.ts', 'tool.ts', 'paths.ts', 'turnstile.ts'],
  ['schema', 'stores', 'sql', 'session.ts'],
  ['contract', 'manifest', 'data'],
  ['check', 'drift', 'provenance', 'rules'],
  ['results', 'report'],
  ['workspace', 'jobs.ts'],
  ['language'],
  [
    'server.ts',
    'lsp.ts',
    'worker.ts',
    'cli.ts',
    'cli',
    'node-world.ts',
    'node-git.ts',
    'node-git-batch.ts',
    'worker-jobs.ts',
  ],
];
const src = '^server/src/';
const room = (name) => (name.endsWith('.ts') ? `${src}${name.replace('.', '\\.')}$` : `${src}${name}/`);
const anyOf = (names) => `(${names.map(room).join('|')})`;

/** Only these files may know that package or builtin. */
const secrets = [
  { what: 'a database', modules: '^(node_modules/)?@duckdb/', only: `${src}sql/engines/` },
  { what: 'SQLite', modules: '^(node_modules/)?(@types/)?sql\\.js', only: `${src}stores/trackers/mlflow/sqlite\\.ts$` },
  { what: 'the language server protocol', modules: 'vscode-languageserver(/|$)', only: `${src}lsp\\.ts$` },
  { what: 'Git', modules: 'simple-git', only: `${src}node-git\\.ts$` },
  { what: 'files', modules: '^(node:)?fs(/promises)?$', only: `${src}(node-(world|git)\\.ts$|schema/)` },
  { what: 'processes', modules: '^(node:)?child_process$', only: `${src}(worker-jobs|node-git-batch)\\.ts$` },
];

module.exports = {
  forbidden: [
    ...layers.slice(0, -1).map((names, row) => ({
      name: `upward-from-${names[0].replace('.ts', '')}`,
      severity: 'error',
      comment: `${names.join(', ')} may import only what stands above in the list of layers.`,
      from: { path: anyOf(names) },
      to: { path: anyOf(layers.slice(row + 1).flat()) },
    })),
    ...secrets.map(({ what, modules, only }) => ({
      name: `only-one-knows-${what.replaceAll(' ', '-')}`,
      severity: 'error',
      comment: `Only ${only} may know ${what}.`,
      from: { path: src, pathNot: only },
      to: { path: modules },
    })),
    ...[
      { from: { path: src, pathNot: anyOf(layers.flat()) }, to: {} },
      { from: {}, to: { path: src, pathNot: anyOf(layers.flat()) } },
    ].map((arrow) => ({
      name: 'in-no-layer',
      severity: 'error',
      comment: 'Every file of the server has its place in the list of layers: put the new room there.',
      ...arrow,
    })),
    {
      name: 'client-knows-what-is-shared-only',
      severity: 'error',
      comment:
        'What client and server say to each other is in protocol.ts, what both recognise in glance.ts; nothing else of the server is theirs.',
      from: { path: '^client/' },
      to: { path: src, pathNot: `${src}(protocol|glance)\\.ts$` },
    },
    {
      name: 'server-knows-no-editor',
      severity: 'error',
      from: { path: src },
      to: { path: '^(client/|vscode$|node_modules/(@types/)?vscode/)' },
    },
    {
      name: 'page-and-host-meet-in-the-protocol',
      severity: 'error',
      from: { path: '^client/page/' },
      to: { path: '^client/src/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(server|client)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports is an entry or dead.',
      from: { orphan: true, path: '^(server|client)/', pathNot: '\\.(d\\.ts|css)$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out|samples|test/fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
