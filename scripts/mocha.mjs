// Mocha over compiled test files, with its counts left in a JSON file for whoever started it.
//   node scripts/mocha.mjs SUMMARY_FILE TIMEOUT_MS dot|spec FILE…
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format } from 'node:util';

/**
 * Runs the files one after the other and writes a Summary.
 * @param {readonly string[]} files compiled tests
 * @param {{ summaryFile: string, timeout: number, reporter?: string, quiet?: boolean }} options `quiet` keeps the report in the summary only
 * @returns {Promise<Summary>}
 * @typedef {{ passed: number, failed: number, skipped: number, output: string }} Summary
 */
export async function runMocha(files, { summaryFile, timeout, reporter = 'spec', quiet }) {
  const { default: Mocha } = await import('mocha');
  const lines = [];
  Mocha.reporters.Base.consoleLog = (...args) => {
    const line = format(...args);
    lines.push(line);
    if (!quiet) console.log(line);
  };
  const mocha = new Mocha({ timeout, reporter, slow: timeout / 2 });
  for (const file of files) mocha.addFile(resolve(file));
  await mocha.loadFilesAsync();
  const stats = await new Promise((done) => {
    const runner = mocha.run(() => done(runner.stats));
  });
  const { passes: passed, failures: failed, pending: skipped } = stats;
  const summary = { passed, failed, skipped, output: lines.join('\n') };
  writeFileSync(summaryFile, JSON.stringify(summary));
  return summary;
}

if (process.argv[1] === import.meta.filename) {
  const [summaryFile, timeout, reporter, ...files] = process.argv.slice(2);
  const { failed } = await runMocha(files, { summaryFile, timeout: Number(timeout), reporter });
  process.exitCode = failed > 0 ? 1 : 0;
  setTimeout(() => {
    console.error('The tests have ended, but one of them left something open that keeps the process alive.');
    process.exit(1);
  }, 10_000).unref();
}
