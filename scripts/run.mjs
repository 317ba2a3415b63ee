// Starting other programs, with failures told in one line.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The repository's folder: scripts work from any working directory. */
export const root = resolve(import.meta.dirname, '..');

/** An error whose message is meant for the person at the terminal, without a stack. */
export class Failure extends Error {}

/**
 * Runs a program to its end with the terminal's input and output.
 * @param {string} program @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function run(program, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', shell: needsShell(program), ...options });
    child.on('error', (error) => failed(new Failure(`${program} could not be started: ${error.message}.`)));
    child.on('close', (code) => done(code ?? 1));
  });
}

/** Like `run`, but any exit code except 0 is a Failure that says `otherwise`. */
export async function mustRun(program, args, otherwise, options) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Failure(`${otherwise} (\`${program} ${args.join(' ')}\` ended with ${code}).`);
}

/** What a program prints, trimmed; undefined when it fails or is not there. */
export function outputOf(program, args, options = {}) {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8', ...options });
  return status === 0 ? stdout.trim() : undefined;
}

/** The full path of a program on PATH, or undefined. */
export function onPath(program) {
  const names = process.platform === 'win32' ? [`${program}.cmd`, `${program}.exe`] : [program];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Runs a script's main function; a Failure ends the process with its message alone and exit 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 1;
  }
}

/** On Windows npm and code are .cmd files, which only a shell starts. */
const needsShell = (program) => process.platform === 'win32' && !program.endsWith('.exe');
