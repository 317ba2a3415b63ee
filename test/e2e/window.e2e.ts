import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench, picturesOfFailures, type Workbench } from './workbench';

describe('The window', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-window-'));
  let workbench: Workbench;

  before(async () => {
    writeFileSync(join(folder, 'notes.txt'), 'first\nsecond\nthird\n');
    workbench = await openWorkbench({ folder });
  });
  after(async () => {
    await workbench?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  picturesOfFailures(() => workbench);

  it('opens a file and goes to a line', async () => {
    await workbench.openFile('notes.txt');
    await workbench.goTo(2, 3);
    assert.deepEqual(await workbench.cursor(), { line: 2, column: 3 });
  });

  it('runs a command from the palette', async () => {
    await workbench.run('Delete Line');
    assert.equal(await workbench.text(), 'first\nthird\n');
  });

  it('changes its colour theme', async () => {
    await workbench.setTheme('high-contrast');
    await workbench.setTheme('light');
  });
});
