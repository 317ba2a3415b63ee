import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sampleFolder } from '../samples/folder';
import { openWorkbench, picturesOfFailures, type Theme, type Workbench } from './workbench';

interface Expected {
  readonly id: string | null;
  readonly column: string | null;
  readonly kind: string;
  readonly observed: number | null;
  readonly holds: boolean | null;
}

/** What hand-written SQL counts in the sample, see test/fixtures/samples/flights-expected.sql. */
const expected: readonly Expected[] = JSON.parse(readFileSync('test/fixtures/samples/flights-expected.json', 'utf8'));
const observed = (column: string, kind: string): string => {
  const found = expected.find((check) => check.column === column && check.kind === kind)?.observed;
  assert.ok(typeof found === 'number', `${column} ${kind} is among the expected figures`);
  return found.toLocaleString('en');
};

describe('The main job, by keyboard', () => {
  let workbench: Workbench;
  let sample: Awaited<ReturnType<typeof sampleFolder>>;

  before(async () => {
    sample = await sampleFolder();
    workbench = await openWorkbench({ folder: sample.folder });
  });
  after(async () => {
    await workbench?.close();
    sample.remove();
  });
  picturesOfFailures(() => workbench);

  const checks = () => workbench.webview().getByRole('treegrid', { name: 'Checks' });
  const columns = () => workbench.webview().getByRole('treegrid', { name: 'Columns' });

  it('marks a mistake while it is being typed, and mends it', async () => {
    await workbench.openFile('contracts/airports-draft.odcs.yaml');
    await workbench.squiggle();
    const [line, column] = placeOf(await workbench.text(), 'requird:');
    await workbench.goTo(line, column);
    await workbench.quickFix('required');
    await workbench.noSquiggle();
    assert.match(await workbench.text(), /required: true/);
    await workbench.press('Control+S');
  });

  it('shows what is ours over each table', async () => {
    await workbench.openFile('contracts/flights.odcs.yaml');
    const lens = workbench.page.locator('.codelens-decoration').first();
    await lens.waitFor();
    assert.match((await lens.textContent()) ?? '', /Check data.*Compare with.*Provenance/);
  });

  it('checks the data and shows the counts of the database', async () => {
    await workbench.run('Plumbline: Check Data');
    await workbench
      .webview()
      .getByText(/8 of 187 checks failed/)
      .waitFor({ timeout: 60_000 });
    const orphans = checks().getByRole('row', { name: /tailnum → planes\.tailnum/ });
    assert.match((await orphans.first().textContent()) ?? '', new RegExp(observed('tailnum', 'foreignKey')));
    const late = checks().getByRole('row', { name: /dep_delay maximum/ });
    assert.match((await late.first().textContent()) ?? '', new RegExp(observed('dep_delay', 'maximum')));
    assert.match(await workbench.status(/flights:/), /8 of 187 checks failed/);
  });

  it('says which version of contract and data it was', async () => {
    const header = await workbench.webview().locator('header').first().textContent();
    assert.match(header ?? '', /flights\.odcs\.yaml.*v1\.1\.0/s);
    assert.match(header ?? '', /flights_2013-07\.parquet/);
  });

  it('leads from a failed check to its line', async () => {
    const row = checks()
      .getByRole('row', { name: /dest → airports\.faa/ })
      .first();
    await row.focus();
    await workbench.press('Enter');
    await row.getByRole('button').first().focus();
    await workbench.press('Enter');
    await workbench.eventually(
      async () => (await workbench.cursor())?.line === 220,
      () => 'the cursor has not come to the relationship of dest',
    );
    await workbench.squiggle();
  });

  it('has the failed checks among the problems', async () => {
    const problems = await workbench.problems();
    assert.ok(
      problems.some((problem) => /airports\.faa/.test(problem) && problem.includes(observed('dest', 'foreignKey'))),
      problems.join('\n'),
    );
    await workbench.press('Control+Shift+M');
  });

  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
    it(`shows checks in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('checks');
    });
  }

  it('compares the data of July with January', async () => {
    await workbench.setTheme('light');
    await workbench.openFile('contracts/flights.odcs.yaml');
    await workbench.run('Plumbline: Compare Data for Drift...');
    await workbench.asked('Compare the data of which table?');
    await workbench.pick('flights', /^flights,/);
    await workbench.asked('Compare flights_2013-07.parquet with...');
    await workbench.pick('2013-01', /^flights_2013-01\.parquet/);
    await workbench
      .webview()
      .getByText(/of 1[89] columns drifted|columns drifted/)
      .first()
      .waitFor({ timeout: 60_000 });
    await columns()
      .getByRole('row', { name: /dep_delay.*Drifted/s })
      .first()
      .waitFor();
  });

  it('draws the distributions of a column', async () => {
    const row = columns()
      .getByRole('row', { name: /dep_delay/ })
      .first();
    await row.focus();
    await workbench.press('Enter');
    await workbench.webview().locator('figure svg, .chart svg, svg.plot').first().waitFor();
  });

  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
    it(`shows drift in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('drift');
    });
  }

  it('lists the versions of contract, data and manifest', async () => {
    await workbench.setTheme('light');
    await workbench.run('Plumbline: Show Provenance');
    const tree = workbench.page.locator('.pane-body .monaco-list-row');
    await tree.filter({ hasText: 'flights_2013-07.parquet' }).first().waitFor();
    const contract = await tree.filter({ hasText: 'flights.odcs.yaml' }).first().textContent();
    assert.match(contract ?? '', /488b6fb|[0-9a-f]{7}/);
    assert.match(contract ?? '', /edited since/);
    await workbench.screenshot('provenance');
  });

  it('finds its result again after a reload', async () => {
    await workbench.page.reload();
    await workbench
      .webview()
      .getByText(/columns drifted/)
      .first()
      .waitFor({ timeout: 60_000 });
  });
});

/** Line and column, from 1, of a word in a text. */
function placeOf(text: string, word: string): readonly [number, number] {
  const lines = text.split('\n');
  const line = lines.findIndex((each) => each.includes(word));
  assert.ok(line >= 0, `${word} is on the screen`);
  return [line + 1, (lines[line]?.indexOf(word) ?? 0) + 1];
}
