// Shows one part of the provenance page in a Chromium, as the panel would: the same policy, the editor's colours around it.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Metafile } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { FromProvenancePage } from '../../server/src/protocol';
import { documentOf, type Theme } from './harness';

const fixtures = 'test/page/fixtures';

interface ChromiumHost {
  install(): Promise<unknown>;
  launchBrowser(host: unknown): Promise<Browser>;
}

const themes: Readonly<Record<Theme, unknown>> = JSON.parse(readFileSync(`${fixtures}/themes.json`, 'utf8'));

/** What is mounted: the exported component of a module, its sheet, and the name of the property that takes the report. */
export interface Part {
  readonly module: string;
  readonly component: string;
  readonly sheet: string;
  readonly property: string;
}

export interface Shown {
  readonly page: Page;
  readonly errors: readonly string[];
  /** What the part has told so far. */
  posted(): Promise<readonly FromProvenancePage[]>;
  /** What the policy has refused. */
  violations(): Promise<readonly string[]>;
  /** The accessible name of what has the focus. */
  focused(): Promise<string>;
}

export interface Mounting {
  readonly metafile: Metafile;
  show(report: unknown, options?: { theme?: Theme; width?: number; height?: number; cut?: RegExp }): Promise<Shown>;
  close(): Promise<void>;
}

/** Builds the part, serves it and starts a Chromium. Rejects with the missing piece where none can run. */
export async function mounting({ module, component, sheet, property }: Part): Promise<Mounting> {
  const hosting: ChromiumHost = await import(pathToFileURL(resolve('scripts/vscode-host.mjs')).href);
  const entry = `
    import { h, render } from 'preact';
    import { ${component} } from './${module}';
    const editor = acquireVsCodeApi();
    const onMessage = (message) => editor.postMessage(message);
    window.addEventListener('message', ({ data }) =>
      render(h(${component}, { ${property}: data, onMessage }), document.getElementById('app')));
    editor.postMessage({ type: 'ready' });
  `;
  const { metafile, outputFiles } = await build({
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: '/',
    platform: 'browser',
    target: 'chrome120',
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    stdin: { contents: entry, resolveDir: '.', sourcefile: 'main.js' },
    loader: { '.ttf': 'file' },
  });
  const sheets = await build({
    bundle: true,
    write: false,
    outdir: '/',
    stdin: {
      contents: `@import "./client/page/page.css"; @import "./${sheet}";`,
      resolveDir: '.',
      sourcefile: 'page.css',
      loader: 'css',
    },
    loader: { '.ttf': 'file' },
  });
  const files = new Map([...outputFiles, ...sheets.outputFiles].map(({ path, contents }) => [path, contents]));
  const server = serverOf(files);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const browser = await hosting.launchBrowser(await hosting.install());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    metafile,
    close: async () => {
      await browser.close();
      server.close();
    },
    show: async (report, { theme = 'dark', width = 1000, height = 700, cut } = {}) => {
      const page = await browser.newPage({ viewport: { width, height } });
      page.setDefaultTimeout(5_000);
      if (cut) await page.route(cut, (route) => route.abort());
      await page.addInitScript(`window.plumblineTest = ${JSON.stringify({ theme: themes[theme], lang: 'en' })};`);
      await page.addInitScript({ path: `${fixtures}/fake-editor.js` });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(address);
      await page.evaluate(`fakeEditor.send(${JSON.stringify(report)})`);
      return {
        page,
        errors,
        posted: async () => (await page.evaluate<FromProvenancePage[]>('fakeEditor.posted')).slice(1),
        violations: () => page.evaluate('violations'),
        focused: () => page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText ?? ''"),
      };
    },
  };
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

function serverOf(files: ReadonlyMap<string, Uint8Array>): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      return response.end(documentOf(`http://${request.headers.host}`, ''));
    }
    const found = path === '/editor.css' ? readFileSync(`${fixtures}/editor.css`) : fileAt(files, path);
    if (!found) return response.writeHead(404).end();
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    return response.end(found);
  });
}

/** What was read from standard input is built under a name of its own. */
const fileAt = (files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array | undefined =>
  files.get(path) ?? files.get(path.replace(/^\/(main\.js|page\.css)$/, (name) => `/stdin${extname(name)}`));
