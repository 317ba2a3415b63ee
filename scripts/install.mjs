// Installs the packages that package-lock.json names, when they are not there yet.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, mustRun, root } from './run.mjs';

/** Runs `npm ci` when what lies in node_modules is not what package-lock.json names. Throws a Failure in one sentence. */
export async function ensureInstalled() {
  requireNode(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node);
  if (isInstalled()) return;
  console.log('Installing packages with npm ci …');
  await mustRun('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'The packages could not be installed');
}

/** npm leaves a copy of the lock file beside the packages when an installation has ended well. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  const found = packagesOf('node_modules/.package-lock.json');
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || found[path]?.version === version,
  );
}

function packagesOf(lockFile) {
  const file = join(root, lockFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** `range` is the `>=major.minor` of package.json's engines. */
function requireNode(range) {
  const [major, minor] = range.replace('>=', '').split('.').map(Number);
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  throw new Failure(`Plumbline needs Node ${major}.${minor} or newer; this is ${process.version}.`);
}
