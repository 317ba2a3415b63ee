import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { repository, type Scratch, scratch } from '../world/repository';
import { openWorkbench, picturesOfFailures, type Workbench } from './workbench';

const contract = (table: string) => `apiVersion: v3.1.0
kind: DataContract
id: ${table}
version: 1.0.0
status: active
schema:
  - name: ${table}
    properties:
      - name: id
        logicalType: integer
        required: true
`;

const parquet = readFileSync('samples/flights/data/flights_2013-01.parquet');

/** A folder in which one thing is wrong at a time, beside a contract that is good. */
function fill(folder: Scratch): void {
  folder.write('good.odcs.yaml', contract('good'));
  folder.write('data/good.csv', 'id\n1\n2\n3\n');
  folder.write('broken.odcs.yaml', contract('broken').replace('true', '[true'));
  folder.write('empty.odcs.yaml', '');
  folder.write(
    'missing.odcs.yaml',
    `${contract('missing')}servers:\n  - server: here\n    type: local\n    path: data/missing.csv\n    format: csv\n`,
  );
  folder.write('corrupt.odcs.yaml', contract('corrupt'));
  folder.write('data/corrupt.parquet', parquet.subarray(0, parquet.length / 2));
}

describe('Trouble', () => {
  let folder: Scratch;
  let workbench: Workbench;
  picturesOfFailures(() => workbench);

  const page = () => workbench.webview();
  const tree = () => workbench.page.locator('.pane-body .monaco-list-row');
  const said = () => workbench.page.locator('.pane-body .message');

  /** Checks a contract and gives the sentence with which the panel says that there is no result. */
  async function refused(name: string): Promise<string> {
    await workbench.openFile(`${name}.odcs.yaml`);
    await workbench.run('Plumbline: Check Data');
    const alert = page()
      .getByRole('alert')
      .filter({ hasText: `Checking ${name}.odcs.yaml` });
    await alert.waitFor({ timeout: 15_000 });
    return ((await alert.locator('p').textContent()) ?? '').replace(`Checking ${name}.odcs.yaml`, '').trim();
  }

  async function goodIsFine(): Promise<void> {
    await workbench.openFile('good.odcs.yaml');
    await workbench.run('Plumbline: Check Data');
    await workbench.status(/good: 3 checks passed/);
    await page().getByRole('treegrid', { name: 'Checks' }).waitFor();
    await workbench.eventually(
      async () => (await workbench.notifications()).length === 0,
      () => 'a notification stays',
    );
  }

  describe('in a folder without Git', () => {
    before(async () => {
      folder = scratch();
      fill(folder);
      workbench = await openWorkbench({ folder: folder.path });
    });
    after(async () => {
      await workbench?.close();
      folder.remove();
    });

    it('marks what is wrong with the YAML of a contract, once', async () => {
      await workbench.openFile('broken.odcs.yaml');
      await workbench.squiggle();
      const problems = (await workbench.problems()).filter((row) => /Plumbline/.test(row));
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', /The closing \] is missing\./);
      await workbench.screenshot('trouble-broken');
      await workbench
        .run('View: Toggle Problems (Errors, Warnings, Infos)')
        .catch(() => workbench.press('Control+Shift+M'));
    });

    it('does not check half a contract', async () => {
      assert.match(await refused('broken'), /^broken\.odcs\.yaml:\d+:\d+ cannot be read: [^\n]+\.$/);
    });

    it('says what an empty contract lacks', async () => {
      assert.equal(
        await refused('empty'),
        'empty.odcs.yaml is empty. A contract begins with "apiVersion: v3.1.0" and "kind: DataContract".',
      );
    });

    it('says where a file is missing', async () => {
      assert.equal(await refused('missing'), `There is no data at ${folder.at('data/missing.csv')}. Check the path.`);
    });

    it('says what is wrong with a corrupt file, and what mends it', async () => {
      const sentence = await refused('corrupt');
      assert.equal(
        sentence,
        `${folder.at('data/corrupt.parquet')} cannot be read as Parquet: it is damaged, cut off or in another format. Write it anew, or bring back its last good version.`,
      );
      await workbench.screenshot('trouble-corrupt');
    });

    it('says that nothing is known of versions', async () => {
      await workbench.openFile('good.odcs.yaml');
      await workbench.run('Plumbline: Show Provenance');
      await tree().filter({ hasText: 'good.csv' }).first().waitFor();
      await said()
        .filter({
          hasText:
            /^No version is known: .*good\.odcs\.yaml is not in a Git repository that Git can read; git init starts one\.$/,
        })
        .waitFor();
      await workbench.screenshot('trouble-no-git');
    });

    it('and then checks a good contract as if nothing had been', goodIsFine);
  });

  describe('in a repository without commits', () => {
    before(async () => {
      folder = repository();
      fill(folder);
      workbench = await openWorkbench({ folder: folder.path });
    });
    after(async () => {
      await workbench?.close();
      folder.remove();
    });

    it('says that nothing is committed', async () => {
      await workbench.openFile('good.odcs.yaml');
      await workbench.run('Plumbline: Show Provenance');
      await tree().filter({ hasText: 'good.csv' }).first().waitFor();
      await said()
        .filter({
          hasText:
            /^No version is known: the repository .* has no commit yet; make the first with git add and git commit\.$/,
        })
        .waitFor();
      await workbench.screenshot('trouble-no-commit');
    });

    it('checks all the same', goodIsFine);
  });
});
