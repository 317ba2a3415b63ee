// Drives the npm-hosted workbench as a person at the keyboard would: keys in, what the window shows out.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';

/** What `scripts/vscode-host.mjs` gives; scripts stand outside the bundle. */
interface VsCodeHost {
  unavailable(): string | undefined;
  install(): Promise<unknown>;
  startServer(host: unknown, options: ServerOptions): Promise<Server>;
  launchBrowser(host: unknown): Promise<Browser>;
}
interface ServerOptions {
  /** Where installed extensions, settings and logs lie; a temporary folder when left out, and gone with the window in any case. */
  readonly dataDir?: string;
  /** Whether the folder has to be trusted first: it opens in Restricted Mode. */
  readonly trust?: boolean;
  /** A package to install instead of the extension's folder. */
  readonly vsix?: string;
  /** The folder of the extension; the repository itself when neither is given. */
  readonly extension?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of extensions. */
  readonly env?: Readonly<Record<string, string>>;
}
interface Server {
  readonly dataDir: string;
  pageUrl(folder: string): string;
  stop(): void;
}

export interface WindowOptions extends ServerOptions {
  /** The folder to open. */
  readonly folder: string;
}

/** Colour themes by what they are for, as VS Code names them. */
const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
} as const;
export type Theme = keyof typeof themes;

const themeClasses: Readonly<Record<Theme, string>> = {
  light: 'vs',
  dark: 'vs-dark',
  'high-contrast': 'hc-black',
  'high-contrast-light': 'hc-light',
};

/** How long anything may take to appear, in milliseconds. */
const patience = 20_000;

/** Opens a window on a VS Code of its own. Rejects with the missing piece where none can run. */
export async function openWorkbench({ folder, ...options }: WindowOptions): Promise<Workbench> {
  const hosting: VsCodeHost = await import(pathToFileURL(resolve('scripts/vscode-host.mjs')).href);
  const host = await hosting.install();
  const extension = options.vsix ? undefined : (options.extension ?? '.');
  const server = await hosting.startServer(host, { ...options, extension });
  const browser = await hosting.launchBrowser(host);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(patience);
  await page.goto(server.pageUrl(folder));
  await page.locator('.part.statusbar .statusbar-item').first().waitFor();
  await page.locator('.explorer-folders-view .monaco-list-row, .explorer-folders-view .welcome-view').first().waitFor();
  return new Workbench(page, async () => {
    await browser.close();
    server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
  });
}

/** One window. Lines and columns count from 1, as the status bar shows them. */
export class Workbench {
  constructor(
    /** For what no method below says. */
    readonly page: Page,
    /** Ends browser and server and removes their data. */
    readonly close: () => Promise<void>,
  ) {}

  /** Presses a chord in playwright's names, such as `Control+Home`. */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  /** Types into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Opens a file of the folder by Quick Open. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').pop() ?? path;
    await this.ask('Control+P');
    await this.pick(path, new RegExp(`^${literally(name)}(,| |$)`));
    await this.page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor();
    await this.page.locator('.editor-instance').first().waitFor();
  }

  /** Runs a command by its full title, such as `Plumbline: Check Data`, from the palette. */
  async run(title: string): Promise<void> {
    const label = new RegExp(`^${literally(title)}(,|$)`);
    // The palette lists what could be run when it opened, and a window that has just opened does not know of its trust yet.
    for (let left = 3; left > 0; left--) {
      await this.ask('F1', '>');
      await this.type(title);
      if (await this.comes(label)) break;
      if (left > 1) await this.press('Escape');
    }
    await this.pick('', label);
  }

  /** Waits until the window asks for this, with an entry to pick. */
  async asked(placeholder: string): Promise<void> {
    await this.page.locator(`.quick-input-widget input[placeholder="${placeholder}"]`).waitFor();
  }

  /** Types into the quick input that is open and takes the entry whose spoken label fits. */
  async pick(text: string, label: RegExp): Promise<void> {
    await this.quickInput.waitFor();
    await this.type(text);
    const entries = this.page.locator('.quick-input-list .monaco-list-row');
    const wanted = await this.indexOf(entries, label);
    // The entry in focus moves while results come in, so that the way to ours is counted anew at each step.
    for (let step = 0; step <= wanted + 1; step++) {
      const focused = await this.page.locator('.quick-input-list .monaco-list-row.focused').getAttribute('aria-label');
      if (focused && label.test(focused)) return this.press('Enter');
      await this.press('ArrowDown');
    }
    throw new Error(`The keyboard did not reach the entry ${label}.`);
  }

  /** Puts the cursor there by Go to Line. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.ask('Control+G', ':');
    await this.type(`${line}:${column}`);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: `line ${line} at column ${column}` })
      .waitFor();
    await this.press('Enter');
    await this.eventually(
      async () => JSON.stringify(await this.cursor()) === JSON.stringify({ line, column }),
      () => `the cursor has not come to ${line}:${column}`,
    );
  }

  /** Where the status bar says that the cursor is; undefined when no text editor has the focus. */
  async cursor(): Promise<{ line: number; column: number } | undefined> {
    const status = this.page.locator('[id="status.editor.selection"]');
    const text = (await status.count()) > 0 ? ((await status.textContent()) ?? '') : '';
    const found = /Ln (\d+), Col (\d+)/.exec(text);
    return found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
  }

  /** Waits for a squiggle in the editor. */
  async squiggle(severity: 'error' | 'warning' | 'info' = 'error'): Promise<void> {
    await this.page.locator(`.monaco-editor .squiggly-${severity}`).first().waitFor({ state: 'attached' });
  }

  /** Waits until the editor has no squiggle of the severity. */
  async noSquiggle(severity: 'error' | 'warning' | 'info' = 'error'): Promise<void> {
    const squiggles = this.page.locator(`.monaco-editor .squiggly-${severity}`);
    await this.eventually(
      async () => (await squiggles.count()) === 0,
      () => `a squiggle of severity ${severity} stays`,
    );
  }

  /** The rows of the Problems view as a screen reader says them, once at least one is there. */
  async problems(): Promise<string[]> {
    await this.run('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.first().waitFor();
    return labels(rows);
  }

  /** Applies the quick fix with this title at the cursor. */
  async quickFix(title: string): Promise<void> {
    await this.press('Control+Period');
    const actions = this.page.locator('.action-widget .monaco-list-row.action');
    await actions.first().waitFor();
    const count = await actions.count();
    for (let step = 0; step < count; step++) {
      const focused = await this.page.locator('.action-widget .monaco-list-row.action.focused').textContent();
      if (focused?.includes(title)) return this.press('Enter');
      await this.press('ArrowDown');
    }
    throw new Error(`Quick fixes offered: ${(await actions.allTextContents()).join(', ')}; wanted: ${title}.`);
  }

  /** The text of the active editor's lines that are on the screen. */
  async text(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .view-line');
    const placed = await lines.evaluateAll((all) =>
      all.map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' })),
    );
    return placed
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** Waits for a notification that fits, in sight or among those kept, and gives its text. */
  async notification(pattern: RegExp): Promise<string> {
    const message = this.page.locator('.notification-list-item-message', { hasText: pattern });
    return (await message.first().textContent()) ?? '';
  }

  /** Texts of all notifications on the screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allTextContents();
  }

  /** Waits for an entry of the status bar and gives its text. */
  async status(pattern: RegExp): Promise<string> {
    const entry = this.page.locator('.part.statusbar .statusbar-item', { hasText: pattern });
    return (await entry.first().textContent()) ?? '';
  }

  /** The document inside the webview on the screen; with several, the last one opened. */
  webview(): FrameLocator {
    const outer = this.page.locator('iframe.webview.ready:visible').last().contentFrame();
    return outer.locator('#active-frame').contentFrame();
  }

  /** Changes the colour theme in the theme picker. */
  async setTheme(theme: Theme): Promise<void> {
    await this.run('Preferences: Color Theme');
    await this.page.locator('.quick-input-widget input:not([placeholder^="Type the name of a command"])').waitFor();
    await this.pick(themes[theme], new RegExp(`^${themes[theme]}(,|$)`));
    await this.page.locator(`.monaco-workbench.${themeClasses[theme]}`).waitFor();
  }

  /** Writes out/screenshots/NAME-THEME.png of the window as it is. */
  async screenshot(name: string): Promise<void> {
    const classes = (await this.page.locator('.monaco-workbench').getAttribute('class')) ?? '';
    const worn = Object.entries(themeClasses).find(([, themeClass]) => classes.split(' ').includes(themeClass));
    const folder = resolve('out/screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}-${worn?.[0] ?? 'unknown'}.png`), animations: 'disabled' });
  }

  /** Waits until it holds; rejects with what went wrong. */
  async eventually(holds: () => Promise<boolean>, otherwise: () => string, within = patience): Promise<void> {
    const end = Date.now() + within;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`After ${within / 1000} s ${otherwise()}.`);
      await this.page.waitForTimeout(100);
    }
  }

  private get quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type=text]');
  }

  /** Whether an entry that fits comes into the list that is open, within a few seconds. */
  private comes(label: RegExp): Promise<boolean> {
    const entries = this.page.locator('.quick-input-list .monaco-list-row');
    return this.indexOf(entries, label, 5000).then(
      () => true,
      () => false,
    );
  }

  /**
   * Opens a quick input by its key. One that is still closing would take what is typed for the next, so it has to be gone
   * first, and the next has to show its own prefix.
   */
  private async ask(key: string, prefix = ''): Promise<void> {
    await this.quickInput.waitFor({ state: 'hidden' });
    // A window that is still moving its focus from a page to an editor may not hear the first.
    for (let left = 3; left > 0; left--) {
      await this.press(key);
      const isOpen = await this.quickInput.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
      if (isOpen) break;
    }
    await this.eventually(
      async () => (await this.quickInput.inputValue()) === prefix,
      () => `the quick input of ${key} does not begin with “${prefix}”`,
    );
  }

  /** The place of the first row that fits, once there is one and no more rows come in, which would move the focus. */
  private async indexOf(rows: Locator, fits: RegExp, within = patience): Promise<number> {
    let found: string[] = [];
    await this.eventually(
      async () => {
        const before = found;
        found = await labels(rows);
        const isSettled = found.join('\n') === before.join('\n');
        return isSettled && found.some((label) => fits.test(label));
      },
      () => `no entry ${fits} is among: ${found.join(' | ')}`,
      within,
    );
    return found.findIndex((label) => fits.test(label));
  }
}

/** Leaves a picture of the window for each test of the suite that fails. */
export function picturesOfFailures(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    await workbench()?.screenshot(`failed-${test.fullTitle().replace(/\W+/g, '-')}`);
    // What this test left open would answer the next one's keys.
    await workbench()?.press('Escape');
  });
}

const labels = (rows: Locator): Promise<string[]> =>
  rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent ?? ''));

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
