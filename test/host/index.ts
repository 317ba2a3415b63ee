import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Runner {
  runMocha(
    files: readonly string[],
    options: { summaryFile: string; timeout: number; quiet: boolean },
  ): Promise<{ failed: number; output: string }>;
}

/** VS Code calls this in its extension host: runs every compiled `*.host.js`, rejects when a test fails. */
export async function run(): Promise<void> {
  const out = resolve(__dirname, '..');
  const tests = readdirSync(out).filter((name) => name.endsWith('.host.js'));
  const runner: Runner = await import(pathToFileURL(resolve(out, '../scripts/mocha.mjs')).href);
  const { failed, output } = await runner.runMocha(
    tests.map((name) => join(out, name)),
    { summaryFile: process.env.PLUMBLINE_TEST_SUMMARY ?? join(out, 'host-summary.json'), timeout: 60_000, quiet: true },
  );
  if (failed > 0) throw new Error(output);
}
