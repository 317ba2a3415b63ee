import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import type {
  ProvenanceFocus,
  ProvenanceReport,
  RunDetailsReport,
  RunReport,
  ToProvenancePage,
} from '../../server/src/protocol';
import { type Harness, openHarness, type PageOptions, provenancePage, type ShownPage, type Theme } from './harness';

interface Fixture {
  readonly report: ProvenanceReport;
  readonly details: readonly RunDetailsReport[];
}

/** What the readers tell of a project made with the real tools. */
const { report, details }: Fixture = JSON.parse(readFileSync('test/page/fixtures/provenance.json', 'utf8'));

function runCalled(name: string, tracker: string): RunReport {
  const found = report.runs.find((run) => run.name === name && run.tracker === tracker);
  assert.ok(found, name);
  return found;
}

describe('The page of provenance', () => {
  let harness: Harness;
  let shown: ShownPage;

  before(async () => {
    harness = await openHarness(provenancePage);
  });
  after(() => harness?.close());

  /** Every test ends with a page that broke no rule. */
  afterEach(async () => {
    if (!shown) return;
    assert.deepEqual(await shown.violations(), [], 'refused by the policy');
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  const tell = (message: ToProvenancePage) => shown.raw(message);
  const show = async (what: ProvenanceReport = report, focus?: ProvenanceFocus, options: PageOptions = {}) => {
    shown = await harness.open({ width: 1200, ...options });
    await tell({ type: 'report', report: what, ...(focus && { focus }) });
    await shown.page.locator('h1').first().waitFor();
  };
  const tellDetails = async () => {
    for (const one of details) await tell({ type: 'details', details: one });
  };

  it('SCREENS', async () => {
    mkdirSync('/tmp/provpanel/shots', { recursive: true });
    const a = runCalled('lr-0.01', 'mlflow');
    const b = runCalled('lr-0.1', 'mlflow');
    for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
      for (const width of theme === 'dark' ? [1200, 700, 400] : [1200]) {
        await show(report, { view: 'runs' }, { theme, width, height: 900 });
        await shown.page.locator('.row').nth(1).click();
        await tellDetails();
        await shown.page.waitForTimeout(200);
        await shown.page.screenshot({ path: `/tmp/provpanel/shots/runs-${theme}-${width}.png` });
        await tell({ type: 'report', report, focus: { view: 'compare', runs: [a.id, b.id] } });
        await tellDetails();
        await shown.page.waitForTimeout(600);
        await shown.page.screenshot({ path: `/tmp/provpanel/shots/compare-${theme}-${width}.png`, fullPage: true });
        assert.deepEqual(shown.errors, []);
        await shown.page.close();
      }
    }
    await show(report, { view: 'runs' });
  });
});
