import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { openWorkbench, picturesOfFailures, type Theme, type Workbench } from './workbench';

const contract = (purpose: string) => `apiVersion: v3.1.0
kind: DataContract
id: pears
version: 1.0.0
status: active
description:
  purpose: ${purpose}
schema:
  - name: pears
    properties:
      - name: kg
        logicalType: number
        logicalTypeOptions:
          minimum: 0
`;

/** What Git LFS leaves in place of a file whose content was not fetched. */
const pointer = `version https://git-lfs.github.com/spec/v1
oid sha256:${'4d7a'.repeat(16)}
size 123456
`;

const themes = ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[];

describe('What can be done with provenance, by keyboard', () => {
  const place = mkdtempSync(join(tmpdir(), 'plumbline-commands-'));
  let project: string;
  let first: string;
  let workbench: Workbench;

  before(async () => {
    project = layOutOrchard(place);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    };
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', project, '-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], {
        encoding: 'utf8',
      }).trim();
    const commit = (subject: string): string => {
      git('add', 'pears.csv', 'pears.odcs.yaml', 'soil.bin', '.gitattributes');
      git('commit', '-qm', subject);
      return git('rev-parse', 'HEAD');
    };
    write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    write('soil.bin', pointer);
    write('pears.odcs.yaml', contract('as it was first'));
    write('pears.csv', 'kg\n3\n-1\n');
    first = commit('Weigh the pears');
    write('pears.odcs.yaml', contract('as it is now'));
    write('pears.csv', 'kg\n3\n1\n');
    commit('Weigh the pears again');
    for (const [path, text] of runOf(first)) write(path, text);
    // Data that are not here, one of which the cache still has.
    rmSync(join(project, 'data/harvest.csv'));
    rmSync(join(project, 'data/weather'), { recursive: true });
    rmSync(join(project, '.dvc/cache/files/md5/34/26b77c6b9dd26c96500efe717168db'));
    workbench = await openWorkbench({
      folder: project,
      settings: { 'plumbline.inlayHints.enable': true, 'explorer.autoReveal': true },
    });
    await workbench.openFile('src/track_mlflow.py');
  });
  after(async () => {
    await workbench?.close();
    rmSync(place, { recursive: true, force: true });
  });
  picturesOfFailures(() => workbench);

  const tree = () => workbench.page.getByRole('tree', { name: 'Provenance' });
  const row = (name: RegExp) => tree().getByRole('treeitem', { name });
  const tab = (name: RegExp) => workbench.page.locator('.tab.active', { hasText: name });
  const badge = async (name: string): Promise<string | undefined> => {
    const label = workbench.page.locator(
      `.explorer-folders-view .monaco-list-row[aria-label="${name}"] .monaco-icon-label`,
    );
    if ((await label.count()) === 0) return undefined;
    return label.evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element, '::after').content);
  };

  it('sees behind a path in code which commit its data are from', async () => {
    await workbench.run('Plumbline: Show Provenance');
    await row(/^harvest\.csv, data · not in the cache/).waitFor();
    await workbench.openFile('src/track_mlflow.py');
    await workbench.eventually(
      async () => /read_csv\("data\/harvest\.csv".*4bad57b/.test(await workbench.text()),
      () => 'no hint stands behind the path',
      60_000,
    );
  });

  it('sees in the explorer which data are missing, a pointer, or not in the cache', async () => {
    await workbench.run('File: Focus on Files Explorer');
    // The folder opens with the file that is edited.
    await workbench.openFile('data/weather.dvc');
    for (const [name, mark] of [
      ['harvest.csv.dvc', '"○"'],
      ['weather.dvc', '"!"'],
      ['soil.bin', '"→"'],
    ] as const) {
      await workbench.eventually(
        async () => (await badge(name)) === mark,
        () => `${name} is not marked ${mark}`,
      );
    }
    assert.equal(await badge('pears.csv'), 'none');
  });

  it('opens the contract as it was at the commit of a run', async () => {
    await workbench.run('Plumbline: Open Contract as of This Run');
    await workbench.asked('Open the contract as of which run?');
    await workbench.pick('first pears', /^first pears/);
    await tab(new RegExp(`pears \\(${first.slice(0, 7)}\\)\\.odcs\\.yaml`)).waitFor();
    await workbench.eventually(
      async () => /purpose: as it was first/.test(await workbench.text()),
      () => 'the contract is not that of the commit',
    );
  });

  it('checks data as they were at a commit', async () => {
    await workbench.openFile('pears.odcs.yaml');
    await workbench.run('Plumbline: Check Data as of Commit...');
    await workbench.asked('Check the data as of which commit?');
    await workbench.pick('Weigh the pears', /^[0-9a-f]{7}, Weigh the pears,/);
    await workbench
      .webview()
      .getByText(/1 of \d+ checks failed/)
      .first()
      .waitFor({ timeout: 60_000 });
    assert.match(await workbench.webview().locator('header').first().innerText(), new RegExp(first.slice(0, 7)));
    // The data that lie there are as the contract wants them.
    await workbench.openFile('pears.odcs.yaml');
    await workbench.run('Plumbline: Check Data');
    await workbench
      .webview()
      .getByText(/\d+ checks passed/)
      .first()
      .waitFor();
  });

  it('checks data as they were at the commit of a run, from its menu', async () => {
    await goTo('first pears');
    await chooseInMenu('Check Data as of Commit...');
    await workbench
      .webview()
      .getByText(/1 of \d+ checks failed/)
      .first()
      .waitFor({ timeout: 60_000 });
  });

  it('shows all that differs between the code of a run and a tag in one editor', async () => {
    await workbench.run('Plumbline: Compare Code of Two Runs or Commits...');
    await workbench.asked('Compare the code of which run?');
    await workbench.pick('steeper', /^steeper/);
    await workbench.page.locator('.quick-input-widget input[placeholder^="Compare the code of steeper ("]').waitFor();
    await workbench.pick('season-1', /^season-1/);
    await workbench.page.locator('.quick-input-widget input[placeholder^="Which file of season-1"]').waitFor();
    await workbench.pick('All', /^All \d+ files/);
    await tab(/season-1 ↔ steeper/).waitFor();
    const files = workbench.page.locator('.multiDiffEditor .multiDiffEntry');
    await files.nth(1).waitFor();
    const names = await files.locator('.title').allTextContents();
    assert.ok(
      names.some((name) => name.includes('harvest.csv.dvc')),
      names.join(', '),
    );
    await files.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert').first().waitFor();
  });

  it('saves the provenance of a run for another system', async () => {
    const target = join(project, 'ridge-0.01.prov.json');
    await workbench.run('Plumbline: Export Provenance...');
    await workbench.asked('Export the provenance of...');
    await workbench.pick('ridge-0.01', /^ridge-0\.01,/);
    await workbench.asked('Export in which format?');
    await workbench.pick('prov', /^W3C PROV,/);
    const path = workbench.page.locator('.quick-input-widget input[type=text]');
    await workbench.eventually(
      async () => (await path.inputValue()) === target,
      () => 'no dialog asks where',
    );
    await workbench.press('Enter');
    await workbench.notification(/Provenance exported to ridge-0\.01\.prov\.json/);
    assert.ok(existsSync(target));
    assert.ok(Object.keys(JSON.parse(readFileSync(target, 'utf8')).activity).length > 0);
  });

  for (const theme of themes) {
    it(`is seen in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('export-told');
      await workbench.press('Control+1');
      await tabNamed(/season-1 ↔ steeper/);
      await workbench.screenshot('all-code');
      await workbench.run('File: Focus on Files Explorer');
      await workbench.openFile('src/track_mlflow.py');
      await workbench.screenshot('data-marks');
    });
  }

  /** Goes to an editor that is open by the list of all. */
  async function tabNamed(name: RegExp): Promise<void> {
    await workbench.run('File: Show All Editors By Appearance');
    await workbench.pick('', name);
    await tab(name).waitFor();
  }

  async function goTo(run: string): Promise<void> {
    await workbench.run('Plumbline: Go to Run...');
    await workbench.asked('Go to which run?');
    await workbench.pick(run, new RegExp(`^${run},`));
    // A row looks focused before its view has the keyboard, and until then a menu would be that of the editor.
    const focused = workbench.page.locator('.monaco-list:focus[aria-label="Provenance"] .monaco-list-row.focused');
    await workbench.eventually(
      async () => (await focused.count()) === 1 && (await focused.getAttribute('aria-label'))?.startsWith(run) === true,
      () => `${run} has not come into focus`,
    );
  }

  async function chooseInMenu(label: string): Promise<void> {
    await workbench.press('Shift+F10');
    await workbench.page.getByRole('menuitem', { name: label }).waitFor();
    const chosen = workbench.page.locator('.monaco-menu .action-item.focused');
    await workbench.press('ArrowDown');
    for (let step = 0; step < 20 && (await chosen.textContent())?.trim() !== label; step++)
      await workbench.press('ArrowDown');
    await workbench.press('Enter');
  }
});

/** Files of a run as MLflow's file store keeps it. */
function runOf(commit: string): readonly (readonly [path: string, text: string])[] {
  const id = 'b'.repeat(32);
  const folder = `mlruns/798450092796951619/${id}`;
  const meta = [
    `artifact_uri: ${folder}/artifacts`,
    'end_time: 1700000001000',
    "experiment_id: '798450092796951619'",
    'lifecycle_stage: active',
    `run_id: ${id}`,
    'run_name: first pears',
    'start_time: 1700000000000',
    'status: 3',
    'user_id: a',
    '',
  ];
  return [
    [`${folder}/meta.yaml`, meta.join('\n')],
    [`${folder}/tags/mlflow.source.git.commit`, commit],
    [`${folder}/params/depth`, '4'],
  ];
}
