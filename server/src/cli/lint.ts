import { resolve } from 'node:path';
import { diagnosticsOf } from '../language/diagnostics';
import type { LintReport, LintSeverity } from '../protocol';
import { TOOL } from '../tool';
import { Document } from '../workspace/document';
import { Unreadable } from '../world';
import { type Exit, exitOfLint, worst } from './exit';
import { exitOfError, inTerminal, sentenceOf, type Terminal } from './terminal';
import type { CommonOptions } from './usage';

type LintFile = LintReport['files'][number];

/** The diagnostics of each file. One that cannot be read is told, and the others are linted all the same. */
export const lint = (files: readonly string[], options: CommonOptions): Promise<Exit> =>
  inTerminal(options, async (terminal) => {
    const linted: LintFile[] = [];
    const errors: unknown[] = [];
    for (const file of files) {
      try {
        linted.push(await lintFile(file, terminal));
      } catch (error) {
        errors.push(error);
        terminal.say(sentenceOf(error));
      }
    }
    const report: LintReport = {
      schemaVersion: 1,
      tool: TOOL,
      verb: 'lint',
      files: linted,
      summary: summaryOf(linted),
    };
    if (linted.length > 0) await terminal.write(report);
    return worst([...errors.map(exitOfError), exitOfLint(report, options.failOn)]);
  });

async function lintFile(file: string, { world, folder }: Terminal): Promise<LintFile> {
  const path = resolve(folder, file);
  const text = await world.readText(path);
  if (!new Document(path, 0, text).kind) {
    throw new Unreadable(
      `${file} is neither a data contract nor an experiment manifest: it says neither "kind: DataContract" nor "kind: Experiment".`,
      path,
    );
  }
  return { path, ...diagnosticsOf(path, text) };
}

function summaryOf(files: readonly LintFile[]): LintReport['summary'] {
  const number = (severity: LintSeverity) =>
    files.flatMap(({ diagnostics }) => diagnostics).filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    error: number('error'),
    warning: number('warning'),
    info: number('info'),
    hint: number('hint'),
    files: files.length,
  };
}
