// npm run dev: builds, opens the sample workspace and builds again at each change; reload the window to see it.
// With --prepare it only builds and lays the workspace out, which is what F5 waits for.
import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { Failure, main, mustRun, run } from './run.mjs';
import { layOutDemo, openDemo } from './window.mjs';

await main(async () => {
  const { values } = parseArgs({ options: { prepare: { type: 'boolean' } } });
  await ensureInstalled();
  await mustRun('node', ['esbuild.mjs'], 'The build failed');
  layOutDemo({ keep: true });
  if (values.prepare) return;
  const watching = run('node', ['esbuild.mjs', '--watch']).then((code) => {
    throw new Failure(`The watch ended with ${code}.`);
  });
  await Promise.all([openDemo(), watching]);
});
