// The parts of the README that follow from other files, between `<!-- generated: NAME -->` and `<!-- /generated -->`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';

/** What the reference is made of, read from the sources themselves. */
const sources = `
export { members as kinds } from './server/src/check/members';
export { checkKinds } from './server/src/check/kinds';
export { members as metrics } from './server/src/drift/metrics';
export { members as profiles } from './server/src/drift/profiles';
export { bumps, changeKinds } from './server/src/contract/diff/kinds';
export { changeCodes, emptyCodes, monitorCodes } from './server/src/language/reference';
export { anchorOf } from './server/src/tool';
export { findingCodes } from './server/src/provenance/findings';
export { modelCodes } from './server/src/provenance/model-findings';
export { runCodes } from './server/src/provenance/run-findings';
export { storeCodes } from './server/src/provenance/survey';
export { manifestCodes } from './server/src/provenance/claims/codes';
export { members as rules } from './server/src/rules/members';
export { schemaCodes, schemaSeverities } from './server/src/schema/codes';
export { yamlCodes } from './server/src/text/yaml-codes';
`;

const parts = { commands, settings, kinds, methods, changes, codes };

/**
 * The README with its generated parts as they must be now.
 * @returns {Promise<{ file: string, text: string }>} Throws where a part is unknown or missing.
 */
export async function generatedReadme() {
  const file = 'README.md';
  const text = readFileSync(file, 'utf8');
  const read = sourcesOfTruth();
  const missing = Object.keys(parts).find((name) => !text.includes(`<!-- generated: ${name} -->`));
  if (missing) throw new Error(`${file} lacks the part "<!-- generated: ${missing} --> … <!-- /generated -->".`);
  const filled = text.replaceAll(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_, start, name, end) => {
      if (!parts[name]) throw new Error(`${file} asks for the part "${name}"; there are ${Object.keys(parts)}.`);
      return `${start}\n${parts[name](read)}\n\n${end}`;
    },
  );
  return { file, text: filled };
}

/** Some packages of the sources ask for Node's own by `require`, so the bundle is a file that Node requires. */
function sourcesOfTruth() {
  const outfile = resolve('node_modules/.cache/plumbline/reference.cjs');
  buildSync({
    stdin: { contents: sources, resolveDir: '.', loader: 'ts' },
    bundle: true,
    outfile,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['@duckdb/*'],
    define: { 'import.meta.url': '__filename' },
    logLevel: 'error',
  });
  return createRequire(import.meta.url)(outfile);
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => `\`${text}\``;
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const byName = ([a], [b]) => (a < b ? -1 : 1);

/** A text of package.json: written there, or `%key%` of package.nls.json. */
function words(texts, text) {
  return cell(text.replace(/^%([\w.]+)%$/, (_, key) => texts[key] ?? text));
}

const whatCommandsDo = {
  checkData: 'Runs every rule of the contract on its data and shows the results.',
  checkDrift: 'Asks for the data to compare with and shows which columns moved.',
  findDriftStart: 'Halves the Git history of a data file until it has the commit with which it drifted.',
  showProvenance: 'Shows which code, data, environment, runs and models stand behind the contract or file.',
  openResults: 'Shows a result of this workspace again.',
  exportResult:
    'Saves the result of a check or comparison as JSON, CSV, HTML, Markdown, JUnit XML or SARIF, a comparison in the shapes of Evidently and SageMaker too.',
  deleteResults: 'Deletes the results of a contract or of the workspace, their history included, after asking.',
  showRuns: 'Lists the runs of the workspace with parameters and metrics, to sort, filter and compare.',
  showProvenanceGraph: 'Draws data, code, runs, models and environments with what leads from one to the other.',
  filterProvenance: 'Narrows the Provenance view to what has a word in it.',
  clearProvenanceFilter: 'Shows all of the Provenance view again.',
  showMoreRuns: 'Lists more runs in the Provenance view.',
  showWorkspaceProvenance: 'Shows all of the folder in the Provenance view, whatever file is being edited.',
  goToRun: 'Asks for a run and opens the place where it is recorded.',
  compareCode: 'Opens the files that differ between two commits, or the commits of two runs, side by side.',
  openContractAsOf: 'Opens the contract as it was at the commit of a run.',
  checkDataAsOf: 'Checks the contract on its data as they were at a commit or tag.',
  copyRecipe: 'Copies the commands that make a run again: code, environment, data, and the run itself.',
  convertContract:
    'Writes the contract in another format, unsaved, and lists what that format cannot say with its place.',
  newContract:
    'Begins a contract from a data file: columns, types, what is never empty, keys and short lists of values, all kept by the data.',
  newManifest: 'Begins an experiment manifest from a run or from the workspace.',
  exportProvenance:
    'Saves what stands behind the workspace or a run as OpenLineage events, W3C PROV-JSON or RO-Crate metadata.',
  refreshProvenance: 'Reads the versions anew; a button of the Provenance view.',
  restartServer: 'Ends the language server and starts it anew.',
  showLogs: 'Opens the log.',
  copyDiagnosticInfo: 'Copies versions and settings for a bug report.',
  openWalkthrough: 'Opens the walkthrough.',
};

function commands() {
  const texts = json('package.nls.json');
  const rows = json('package.json').contributes.commands.map(({ command, title, category }) => {
    const does = whatCommandsDo[command.replace('plumbline.', '')];
    if (!does) throw new Error(`scripts/readme.mjs does not say what ${command} does.`);
    return [`${category}: ${words(texts, title)}`, does];
  });
  return table(['command', 'what it does'], rows);
}

function settings() {
  const texts = json('package.nls.json');
  const all = json('package.json').contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
  const rows = all.map(([name, setting]) => {
    const choices = setting.enum?.map((choice, index) => {
      const about = setting.markdownEnumDescriptions?.[index];
      return about ? `${code(choice)}: ${words(texts, about)}` : code(choice);
    });
    const about = [words(texts, setting.markdownDescription), ...(choices ? [choices.join(' ')] : [])].join(' ');
    return [code(name), code(JSON.stringify(setting.default)), about];
  });
  return table(['setting', 'default', 'what it does'], rows);
}

function kinds({ kinds: members, checkKinds, anchorOf }) {
  const told = new Set(Object.values(checkKinds).map(({ member }) => member));
  const untold = members.find(({ id }) => !told.has(id));
  if (untold) throw new Error(`server/src/check/kinds.ts does not say what the kind ${untold.id} checks.`);
  const rows = Object.entries(checkKinds).map(([kind, { from, holds }]) => {
    const name = /^\w+$/.test(kind) ? `<a id="${anchorOf(`check/${kind}`)}"></a>${code(`check/${kind}`)}` : kind;
    return [name, cell(from), cell(holds)];
  });
  return table(['kind', 'asked for by', 'what must hold, or is counted'], rows);
}

const needs = { values: 'numbers', shares: 'bins or categories', counts: 'categories' };

function methods({ metrics, profiles }) {
  const rows = metrics.map((metric) => [
    code(metric.id),
    cell(metric.title),
    needs[metric.needs],
    ...profiles.map(({ methods: known, thresholds }) =>
      known.includes(metric.id) ? (thresholds[metric.id] ?? 'own') : '–',
    ),
  ]);
  return table(['method', 'name', 'works on', ...profiles.map(({ id }) => code(id))], rows);
}

function changes({ changeKinds, bumps, anchorOf }) {
  const rows = Object.entries(changeKinds).map(([kind, { impact, what }]) => [
    `<a id="${anchorOf(`diff/${kind}`)}"></a>${code(`diff/${kind}`)}`,
    impact,
    bumps[impact],
    cell(what),
  ]);
  return table(['change', 'impact', 'calls for', 'what has changed'], rows);
}

function codes({
  rules,
  schemaCodes,
  schemaSeverities,
  yamlCodes,
  changeCodes,
  emptyCodes,
  monitorCodes,
  findingCodes,
  manifestCodes,
  modelCodes,
  runCodes,
  storeCodes,
  anchorOf,
}) {
  const errors = (texts) => Object.entries(texts).map(([name, text]) => [name, 'error', text]);
  const graded = (codes) => Object.entries(codes).map(([name, [severity, text]]) => [name, severity, text]);
  const groups = {
    'Contracts: meaning': [
      ...rules.map(({ code: name, severity, documentation }) => [name, severity, documentation]),
      ...errors(emptyCodes).filter(([name]) => name.startsWith('contract/')),
      ...graded(changeCodes),
    ],
    'Contracts and manifests: structure': Object.entries(schemaCodes).map(([name, text]) => [
      name,
      schemaSeverities[name] ?? 'error',
      text,
    ]),
    'Data, runs and environments': graded(storeCodes),
    'Manifests and versions': [
      ...graded({ ...findingCodes, ...runCodes, ...modelCodes, ...manifestCodes }),
      ...errors(emptyCodes).filter(([name]) => name.startsWith('manifest/')),
    ],
    Monitors: Object.entries(monitorCodes).map(([name, text]) => [name, 'info', text]),
    'YAML and JSON': errors(yamlCodes),
  };
  return Object.entries(groups)
    .map(([title, rows]) => {
      const lines = rows
        .sort(byName)
        .map(([name, severity, text]) => [`<a id="${anchorOf(name)}"></a>${code(name)}`, severity, cell(text)]);
      return `#### ${title}\n\n${table(['code', 'severity', 'what it means'], lines)}`;
    })
    .join('\n\n');
}
