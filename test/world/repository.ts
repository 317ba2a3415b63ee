import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that vanishes after the test, and Git in it as nobody in particular at a fixed time. */
export interface Scratch {
  readonly path: string;
  at(...names: string[]): string;
  write(name: string, content: string | Uint8Array): string;
  git(...args: string[]): string;
  /** Commits everything there is, each commit a day after the one before. */
  commit(subject: string): string;
  remove(): void;
}

const nobody = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'A. Author',
  GIT_AUTHOR_EMAIL: 'author@example.org',
  GIT_COMMITTER_NAME: 'A. Author',
  GIT_COMMITTER_EMAIL: 'author@example.org',
};

export function scratch(): Scratch {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-test-')));
  let day = 0;
  const at = (...names: string[]) => join(path, ...names);
  const git = (...args: string[]) => {
    const date = `2026-01-${String(day + 1).padStart(2, '0')}T12:00:00Z`;
    const env = { ...process.env, ...nobody, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return execFileSync('git', args, { cwd: path, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  };
  return {
    path,
    at,
    git,
    write: (name, content) => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
    commit: (subject) => {
      day += 1;
      git('add', '--all');
      git('commit', '--quiet', '--message', subject);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The same with a repository that has no commit yet. */
export function repository(): Scratch {
  const made = scratch();
  made.git('init', '--quiet', '--initial-branch=main');
  return made;
}
