// Packs the extension for one platform, DuckDB's native binding inside.
//   npm run package [-- --target linux-x64]  → vsix/plumbline-TARGET-VERSION.vsix
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { Failure, main, mustRun, root } from './run.mjs';

/** VS Code's platforms, as npm names them. */
const targets = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'alpine-x64': { os: 'linux', cpu: 'x64', libc: 'musl' },
  'alpine-arm64': { os: 'linux', cpu: 'arm64', libc: 'musl' },
  'darwin-x64': { os: 'darwin', cpu: 'x64' },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64' },
  'win32-x64': { os: 'win32', cpu: 'x64' },
  'win32-arm64': { os: 'win32', cpu: 'arm64' },
};
const largest = 40 * 1024 * 1024;
const binding = '@duckdb/node-bindings';

/** The target of the machine that this runs on. */
export function ownTarget() {
  process.report.excludeNetwork = true;
  const isMusl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return `${isMusl ? 'alpine' : process.platform}-${process.arch}`;
}

/** Builds and packs; returns the path of the VSIX. */
export async function packageVsix(target = ownTarget()) {
  if (!targets[target]) throw new Failure(`${target} is not a target; take one of ${Object.keys(targets).join(', ')}.`);
  await mustRun('node', ['esbuild.mjs', '--production'], 'The build failed');
  const { version } = readJson('package.json');
  const vsix = join(root, 'vsix', `plumbline-${target}-${version}.vsix`);
  const staging = join(root, 'vsix', `staging-${target}`);
  try {
    await stage(staging, targets[target]);
    await pack(staging, target, vsix);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  const { size } = statSync(vsix);
  if (size > largest) throw new Failure(`${vsix} is ${megabytes(size)}; more than ${megabytes(largest)} is too much.`);
  console.log(`${vsix} (${megabytes(size)})`);
  return vsix;
}

/**
 * What .vscodeignore lets in, beside an installation of the binding for the target's platform: npm chooses it, as it does for users.
 * Everything else that package.json depends on is in the bundles.
 */
async function stage(staging, { os, cpu, libc }) {
  const { listFiles, PackageManager } = await vsce();
  rmSync(staging, { recursive: true, force: true });
  for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
    mkdirSync(dirname(join(staging, file)), { recursive: true });
    cpSync(join(root, file), join(staging, file));
  }
  cpSync(join(root, '.vscodeignore'), join(staging, '.vscodeignore'));
  const { scripts: _, devDependencies: __, ...manifest } = readJson('package.json');
  const { version } = readJson(`node_modules/${binding}/package.json`);
  writeFileSync(
    join(staging, 'package.json'),
    JSON.stringify({ ...manifest, dependencies: { [binding]: version } }, undefined, 2),
  );
  const platform = [`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : [])];
  const options = ['--omit=dev', '--ignore-scripts', '--no-package-lock', '--prefer-offline'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await mustRun('npm', ['install', ...platform, ...options, ...quiet], 'DuckDB could not be fetched', { cwd: staging });
}

async function pack(staging, target, vsix) {
  const { createVSIX } = await vsce();
  await createVSIX({
    cwd: staging,
    packagePath: vsix,
    target,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  }).catch((error) => {
    throw new Failure(`The VSIX could not be packed: ${error.message}`);
  });
}

const vsce = async () => (await import('@vscode/vsce')).default;
const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    const { values } = parseArgs({ options: { target: { type: 'string' } } });
    await ensureInstalled();
    await packageVsix(values.target);
  });
}
