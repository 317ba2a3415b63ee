import assert from 'node:assert/strict';
import { repository, type Scratch } from '../world/repository';
import { openWorkbench, picturesOfFailures, type Theme, type Workbench } from './workbench';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        required: true
`;

describe('Test Explorer, by keyboard', () => {
  let folder: Scratch;
  let workbench: Workbench;

  before(async () => {
    folder = repository();
    folder.write('orders.odcs.yaml', contract);
    folder.write('orders.csv', 'id,note\n1,a\n,b\n3,c\n');
    folder.commit('Add orders');
    workbench = await openWorkbench({ folder: folder.path });
  });
  after(async () => {
    await workbench?.close();
    folder?.remove();
  });
  picturesOfFailures(() => workbench);

  const rows = () => workbench.page.locator('.test-explorer .monaco-list-row');

  it('shows the contract before it is opened, and its checks once it is run', async () => {
    await workbench.run('Testing: Focus on Test Explorer View');
    await rows().filter({ hasText: 'orders.odcs.yaml' }).first().waitFor();
    await workbench.run('Test: Run All Tests');
    await workbench
      .webview()
      .getByText(/1 of 3 checks failed/)
      .waitFor({ timeout: 60_000 });
    await workbench.run('Testing: Focus on Test Explorer View');
    // The view has the focus in its filter, and opens the way to what fits.
    await workbench.type('required');
    await rows()
      .filter({ hasText: /required/ })
      .first()
      .waitFor();
    const said = await rows().evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    assert.ok(
      said.some((label) => /required.*Failed/i.test(label)),
      said.join('\n'),
    );
  });

  it('shows the message at the line of the rule', async () => {
    await workbench.openFile('orders.odcs.yaml');
    await workbench.squiggle();
    const failed = workbench.page.locator('.part.editor .testing-run-glyph[class*="failed"]');
    await failed.last().waitFor();
    const results = workbench.page.locator('.part.panel .monaco-list-row', { hasText: 'required' });
    assert.match((await results.first().textContent()) ?? '', /Column "id" should be fill/);
    const problems = await workbench.problems();
    assert.ok(
      problems.some((problem) => /Column "id" should be filled.*at line 11 /.test(problem)),
      problems.join('\n'),
    );
  });

  for (const theme of ['light', 'dark', 'high-contrast'] satisfies Theme[]) {
    it(`shows checks as tests in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('test-explorer');
    });
  }
});
