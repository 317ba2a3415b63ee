// Shows the results page in a Chromium as the panel would: the same policy, the editor's API and colours around it.
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Metafile } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { PageState } from '../../client/page/view-state';
import type { FromPage, FromProvenancePage, StoredResult, ToPage } from '../../server/src/protocol';

const fixtures = 'test/page/fixtures';

/** What of the bundle a page loads, and where it is built to. */
export interface PageKind {
  readonly target: string;
  readonly script: string;
  readonly sheet: string;
  readonly frame: string;
}

const resultsPage: PageKind = {
  target: 'out/page',
  script: 'client/page/main.ts',
  sheet: 'client/page/page.css',
  frame: '',
};

/** The page of provenance. */
export const provenancePage: PageKind = {
  target: 'out/provenance-page',
  script: 'client/page/provenance/provenance-main.ts',
  sheet: 'client/page/provenance/provenance.css',
  frame: 'provenance-page',
};

/** What `scripts/vscode-host.mjs` gives; scripts stand outside the bundle. */
interface ChromiumHost {
  install(): Promise<unknown>;
  launchBrowser(host: unknown): Promise<Browser>;
}

/** What either page posts. */
type Posted = FromPage | Exclude<FromProvenancePage, { type: FromPage['type'] }>;

export type Theme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

/** What the editor's themes of these names give a webview, as VS Code 1.139 told one. */
const themes: Readonly<Record<Theme, { readonly body: string; readonly variables: Readonly<Record<string, string>> }>> =
  JSON.parse(readFileSync(`${fixtures}/themes.json`, 'utf8'));

/** Real checks and real drift of a sample. */
export const samples = {
  check: readFixture('check') as Extract<StoredResult, { kind: 'check' }>,
  drift: readFixture('drift') as Extract<StoredResult, { kind: 'drift' }>,
};

function readFixture(name: string): StoredResult {
  return JSON.parse(readFileSync(`${fixtures}/${name}.json`, 'utf8'));
}

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What the editor has kept of an earlier page. */
  readonly state?: unknown;
  readonly lang?: string;
}

/** Builds the page, serves it and starts a Chromium. Rejects with the missing piece where none can run. */
export async function openHarness(kind: PageKind = resultsPage): Promise<Harness> {
  const hosting: ChromiumHost = await import(pathToFileURL(resolve('scripts/vscode-host.mjs')).href);
  rmSync(kind.target, { recursive: true, force: true });
  const { metafile } = await build({
    bundle: true,
    minify: true,
    metafile: true,
    outdir: kind.target,
    platform: 'browser',
    target: 'chrome120',
    format: 'esm',
    splitting: true,
    entryPoints: { main: kind.script, page: kind.sheet },
    loader: { '.ttf': 'file' },
  });
  const server = createServer(answerFor(kind));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const browser = await hosting.launchBrowser(await hosting.install());
  return new Harness(metafile, server, browser);
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

const answerFor =
  (kind: PageKind): RequestListener =>
  (request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      return response.end(documentOf(`http://${request.headers.host}`, kind.frame));
    }
    const type = types[extname(path)];
    if (!type) return response.writeHead(404).end();
    response.setHeader('content-type', type);
    response.end(readFileSync(path === '/editor.css' ? `${fixtures}/editor.css` : join(kind.target, path)));
  };

/** The panel's document and policy; `source` is what the editor calls `cspSource`, `frame` the class of the page. */
export function documentOf(source: string, frame: string): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `img-src ${source} data:`,
    `style-src ${source}`,
    `font-src ${source}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/editor.css">
    <link rel="stylesheet" href="/page.css">
  </head>
  <body>
    <main id="app" class="${frame}"></main>
    <script type="module" nonce="${nonce}" src="/main.js"></script>
  </body>
</html>`;
}

/** A served page and a browser for it. */
export class Harness {
  constructor(
    /** What the build put where. */
    readonly metafile: Metafile,
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }

  /** The page before any message of the panel. */
  async open({ theme = 'dark', width = 900, height = 700, state, lang = 'en' }: PageOptions = {}): Promise<ShownPage> {
    const page = await this.browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(5_000);
    await page.addInitScript(`window.plumblineTest = ${JSON.stringify({ theme: themes[theme], state, lang })};`);
    await page.addInitScript({ path: `${fixtures}/fake-editor.js` });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`);
    const shown = new ShownPage(page, errors);
    await shown.posted('ready');
    return shown;
  }

  /** A page of nothing, on which no policy and no sheet is. */
  async blank(): Promise<Page> {
    return this.browser.newPage();
  }

  /** The page with a result on it. */
  async show(result: StoredResult, options?: PageOptions): Promise<ShownPage> {
    const shown = await this.open(options);
    await shown.tell({ type: 'result', result, stale: false });
    await shown.page.locator('h1').waitFor();
    return shown;
  }
}

/** A page as a test reads and drives it. */
export class ShownPage {
  constructor(
    readonly page: Page,
    /** Errors that no code of the page has caught. */
    readonly errors: readonly string[],
  ) {}

  /** Sends what the panel would. */
  async tell(message: ToPage): Promise<void> {
    await this.raw(message);
  }

  /** Sends anything. */
  async raw(message: unknown): Promise<void> {
    await this.page.evaluate(`fakeEditor.send(${JSON.stringify(message)})`);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Waits for the page to post a message of this type; the newest one. */
  async posted<T extends Posted['type']>(type: T): Promise<Extract<Posted, { type: T }>> {
    const newest = `fakeEditor.posted.filter((message) => message.type === '${type}').at(-1)`;
    // Playwright's own waiting evaluates text within the page, which the policy refuses.
    for (let tries = 0; tries < 100; tries++) {
      const message = await this.page.evaluate<Extract<Posted, { type: T }> | undefined>(newest);
      if (message) return message;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`The page never posted ${type}.`);
  }

  /** Waits until what the editor keeps of the page is as `fits` wants it. */
  async kept(fits: (state: PageState) => boolean): Promise<PageState> {
    for (let tries = 0; tries < 40; tries++) {
      const state = await this.page.evaluate<PageState>('fakeEditor.kept()');
      if (state && fits(state)) return state;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`The kept state never fitted: ${JSON.stringify(await this.page.evaluate('fakeEditor.kept()'))}`);
  }

  /** What the policy has refused. */
  async violations(): Promise<readonly string[]> {
    return this.page.evaluate('violations');
  }

  /** Text of the element that has the focus. */
  async focused(): Promise<string> {
    return this.page.evaluate("document.activeElement.innerText.replace(/\\s+/g, ' ').trim()");
  }

  /** Text of each row of the table in turn, as far as it is in the document. */
  async rows(): Promise<readonly string[]> {
    const rows = await this.page.locator('.row').all();
    const texts = await Promise.all(
      rows.map(async (row) => ({ at: Number(await row.getAttribute('data-index')), text: await row.innerText() })),
    );
    return texts.toSorted((a, b) => a.at - b.at).map(({ text }) => text.replace(/\s+/g, ' ').trim());
  }
}
