// npm run fuzz: makes random edits of contracts and holds what is kept of a version against texts that are read afresh.
//   npm run fuzz [-- COUNT [SEED]]    100,000 edits by default, from a seed that is told, so that a failure can be had again
import { join } from 'node:path';
import { Failure, main, mustRun, root, run } from './run.mjs';

/** Those that look at `FUZZ` and `FUZZ_SEED`, each for a half of the edits in a process of its own: trees, and all that is shown. */
const tests = ['out/yaml-versions.test.js', 'out/incremental.test.js'];

/** A whole number from 1 on; a Failure otherwise. */
function numberOf(text, what) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Failure(`${what} is a whole number from 1 to 999999999, not "${text}".`);
  return Number(text);
}

await main(async () => {
  const [count = '100000', seed = String(1 + (Date.now() % 999_999_999))] = process.argv.slice(2);
  const edits = numberOf(count, 'The count of edits');
  const start = numberOf(seed, 'The seed');
  await mustRun('node', ['esbuild.mjs', '--tests'], 'The build of the tests failed');
  console.log(`${edits} edits from seed ${start}, which takes minutes for every 10,000.`);
  const codes = await Promise.all(
    tests.map((test, index) => {
      const half = index === 0 ? Math.ceil(edits / 2) : Math.floor(edits / 2);
      // Set here and not by a shell, which Windows has another one of.
      const env = { ...process.env, FUZZ: String(half), FUZZ_SEED: String(start) };
      return run(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), test], { env, shell: false });
    }),
  );
  if (codes.some((code) => code !== 0))
    throw new Failure(`Something differs; \`npm run fuzz -- ${edits} ${start}\` finds it again.`);
});
