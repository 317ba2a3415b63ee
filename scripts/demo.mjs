// npm run demo: installs, builds and opens the sample workspace; with --headless it runs the main job on the command line.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { Failure, main, mustRun, root, run } from './run.mjs';
import { demoContract, demoFolder, layOutDemo, openDemo } from './window.mjs';

/** The main job: what is wrong with the contract, with the data, what has changed since January, and which versions these were. */
const verbs = [
  ['lint', demoContract, 'contracts/airports-draft.odcs.yaml'],
  ['check', demoContract],
  ['drift', '--reference', 'data/flights_2013-01.parquet', '--current', 'data/flights_2013-07.parquet'],
  ['provenance'],
];

/** Exit 1 is a verdict: a failed check or drift, which the demo is there to show. More than that is a broken run. */
async function runMainJob() {
  for (const verb of verbs) {
    console.log(`\n── plumbline ${verb.join(' ')} ──`);
    const args = [join(root, 'dist/cli.js'), ...verb];
    const code = await run(process.execPath, args, { cwd: demoFolder, shell: false });
    if (code > 1)
      throw new Failure(`\`plumbline ${verb.join(' ')}\` ended with ${code}; it should have come to a verdict.`);
  }
  console.log(`
That was lint, check, drift and provenance of the sample workspace in ${demoFolder}.
Next: \`npm run demo\` opens it in VS Code, \`node dist/cli.js --help\` says what else the command line does.`);
}

await main(async () => {
  const { values } = parseArgs({ options: { headless: { type: 'boolean' } } });
  await ensureInstalled();
  await mustRun('node', ['esbuild.mjs'], 'The build failed');
  layOutDemo();
  await (values.headless ? runMainJob() : openDemo());
});
