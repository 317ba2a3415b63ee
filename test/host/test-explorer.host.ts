import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancellationTokenSource,
  commands,
  languages,
  Position,
  Selection,
  type TestController,
  type TestItem,
  type TestMessage,
  TestRunRequest,
  tests,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Ended } from '../../client/src/commands/run';
import { type Asked, TestExplorer, type Wanted } from '../../client/src/test-explorer/explorer';
import { contractChecks } from '../../server/src/language/contract-checks';
import type { CheckReport, CheckResult } from '../../server/src/protocol';
import { Document } from '../../server/src/workspace/document';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    quality:
      - id: enough
        metric: rowCount
        mustBeGreaterThan: 10
    properties:
      - name: id
        logicalType: integer
        required: true
      - name: amount
        logicalType: number
        logicalTypeOptions:
          minimum: 0
`;
const ids = [
  'orders/id/columnPresent',
  'orders/amount/columnPresent',
  'orders/id/columnType',
  'orders/amount/columnType',
];

/** Contracts as the window's own Test Explorer has them. */
describe('Contracts in Test Explorer', () => {
  const folder = realpathSync(mkdtempSync(join(inWorkspace(), 'tests-')));
  const uri = Uri.file(join(folder, 'orders.odcs.yaml'));

  before(async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(uri.fsPath, contract);
    writeFileSync(join(folder, 'data/orders.csv'), 'id,amount\n1,5\n,-2\n3,-1\n');
    await window.showTextDocument(await workspace.openTextDocument(uri));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Paths of the items of the file, from the contract down. */
  const shown = async (): Promise<readonly string[]> =>
    ((await commands.executeCommand<string[][]>('vscode.testing.getTestsInFile', uri)) ?? []).map(([, , ...path]) =>
      path.join(' > '),
    );

  it('has each check below its table and column as soon as it is open', async () => {
    await until(async () => (await shown()).length > 8, 'no tests');
    const paths = await shown();
    for (const path of [
      'table:orders',
      'table:orders > enough',
      'table:orders > column:id',
      'table:orders > column:id > orders/id/required',
      'table:orders > column:amount > orders/amount/minimum',
    ])
      assert.ok(paths.includes(path), `${path} is not among ${paths.join(', ')}`);
  });

  it('follows an edit', async () => {
    const editor = await window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new Position(15, 0), '        unique: true\n'));
    await until(async () => (await shown()).some((path) => path.endsWith('orders/id/unique')), 'no test of it');
    await commands.executeCommand('undo');
    await until(async () => !(await shown()).some((path) => path.endsWith('orders/id/unique')), 'the test stays');
  });

  it('runs the one check that the cursor is at', async () => {
    const editor = await window.showTextDocument(uri);
    editor.selection = new Selection(14, 19, 14, 19);

    await commands.executeCommand('testing.runAtCursor');
    await until(
      () => languages.getDiagnostics(uri).length === 1,
      () => `diagnostics: ${languages.getDiagnostics(uri).map(({ message }) => message)}`,
    );
    assert.equal(languages.getDiagnostics(uri)[0]?.range.start.line, 14);
  });

  it('runs the checks, and marks what does not hold where it is stated', async () => {
    await window.showTextDocument(uri);
    await commands.executeCommand('testing.runCurrentFile');
    await until(
      () => languages.getDiagnostics(uri).length === 3,
      () => `diagnostics: ${languages.getDiagnostics(uri).map(({ message }) => message)}`,
    );
    assert.deepEqual(
      languages.getDiagnostics(uri).map(({ range }) => range.start.line),
      [9, 14, 18],
    );
  });

  it('forgets a file that is gone', async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(uri.fsPath);
    await until(async () => (await shown()).length === 0, 'the tests stay');
  });
});

/** What is told of each check, with a language server and results that the test decides. */
describe('Runs of Test Explorer', () => {
  const folder = realpathSync(mkdtempSync(join(inWorkspace(), 'explorer-')));
  const file = join(folder, 'orders.odcs.yaml');
  const uri = Uri.file(file).toString();
  const asked: Wanted[] = [];
  let told: Told[];
  let runs: number;
  let check: (wanted: Wanted) => Promise<Ended>;
  let controller: TestController;
  let explorer: TestExplorer;

  before(() => writeFileSync(file, contract));
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    asked.length = 0;
    told = [];
    runs = 0;
    check = async () => stored(results());
    controller = tests.createTestController('plumbline-tested', 'Tested');
    explorer = new TestExplorer(recorded(controller), {
      checksOf: async (address) => contractChecks(await documentAt(address)),
      check: async (wanted) => {
        asked.push(wanted);
        return check(wanted);
      },
    } satisfies Asked);
    await explorer.resolve(undefined);
  });
  afterEach(() => {
    explorer.dispose();
    controller.dispose();
  });

  const contractItem = (): TestItem => {
    const item = controller.items.get(uri);
    assert.ok(item, 'the contract is not found');
    return item;
  };
  const run = (request: TestRunRequest = new TestRunRequest()) =>
    explorer.run(request, new CancellationTokenSource().token);
  const of = (id: string) => told.filter((each) => each.id === id && each.ended !== 'started');

  it('finds the contracts of the workspace, and reads one when it is looked at', async () => {
    assert.equal(contractItem().children.size, 0);
    assert.equal(contractItem().canResolveChildren, true);
    await explorer.resolve(contractItem());
    const [table] = childrenOf(contractItem());
    assert.equal(table?.id, 'table:orders');
    assert.deepEqual(
      childrenOf(table).map(({ id }) => id),
      ['enough', 'column:id', 'column:amount'],
    );
    assert.equal(table?.children.get('enough')?.range?.start.line, 9);
  });

  it('runs all of a contract once', async () => {
    await run();
    assert.deepEqual(asked, [{ uri, table: undefined, checks: undefined }]);
    assert.equal(runs, 1);
    assert.deepEqual(of('orders/id/required'), [
      { id: 'orders/id/required', ended: 'failed', message: of('orders/id/required')[0]?.message },
    ]);
    assert.deepEqual(
      of('enough').map(({ ended }) => ended),
      ['passed'],
    );
    for (const id of ids) assert.equal(of(id)[0]?.ended, 'passed', id);
  });

  it('runs one check by its id, and tells of no other', async () => {
    await explorer.resolve(contractItem());
    const item = contractItem().children.get('table:orders')?.children.get('column:id')?.children;
    const one = item?.get('orders/id/required');
    assert.ok(one);
    await run(new TestRunRequest([one]));
    assert.deepEqual(asked, [{ uri, table: 'orders', checks: ['orders/id/required'] }]);
    assert.deepEqual(new Set(told.map(({ id }) => id)), new Set(['orders/id/required', '']));
  });

  it('shows a failed check with its rows, at its line', async () => {
    await run();
    const message = of('orders/id/required')[0]?.message;
    assert.equal(message?.location?.uri.toString(), uri);
    assert.equal(message?.location?.range.start.line, 14);
    assert.equal(message?.contextValue, 'plumbline.check');
    const text = typeof message?.message === 'string' ? message.message : message?.message.value;
    assert.match(
      text ?? '',
      /\| Row \| id \| note \|\n\| --- \| --- \| --- \|\n\| 2 \| \*null\* \| a&#124;&#60;b&#62; \|/,
    );
    assert.equal(message?.expectedOutput, undefined);
  });

  it('sets the figure beside the rule where there are no rows to show', async () => {
    check = async () => stored([{ ...result('enough', 'failed'), observed: 3, expected: '> 10' }]);
    await run();
    const [{ message } = { message: undefined }] = of('enough');
    assert.deepEqual([message?.expectedOutput, message?.actualOutput], ['> 10', '3']);
  });

  it('tells errors, warnings and what was skipped, each with its reason', async () => {
    check = async () =>
      stored([
        result('enough', 'error', 'The column is gone.'),
        result('orders/id/required', 'warning', 'One row.'),
        result('orders/amount/minimum', 'skipped', 'No data.'),
      ]);
    await run();
    assert.equal(of('enough')[0]?.message?.message, 'The column is gone.');
    assert.deepEqual(
      told.filter(({ id, ended }) => ended !== 'started' && id !== '' && !ids.includes(id)),
      [
        { id: 'enough', ended: 'errored', message: of('enough')[0]?.message },
        { id: 'orders/id/required', ended: 'output', text: 'Warning: One row.\r\n' },
        { id: 'orders/id/required', ended: 'passed' },
        { id: 'orders/amount/minimum', ended: 'output', text: 'Skipped: No data.\r\n' },
        { id: 'orders/amount/minimum', ended: 'skipped' },
      ],
    );
  });

  it('says once why a contract cannot be checked', async () => {
    check = async () => ({ failure: 'There are no data.' });
    await run();
    assert.deepEqual(
      told.filter(({ ended }) => ended === 'errored').map(({ id, message }) => [id, message?.message]),
      [[uri, 'There are no data.']],
    );
    assert.equal(told.filter(({ ended }) => ended === 'passed' || ended === 'failed').length, 0);
  });

  it('shows the checks in Restricted Mode, runs none and says so', async () => {
    const [trusted, warn] = [Object.getOwnPropertyDescriptor(workspace, 'isTrusted'), window.showWarningMessage];
    assert.ok(trusted);
    const warned: string[] = [];
    Object.defineProperty(workspace, 'isTrusted', { ...trusted, get: () => false });
    Object.assign(window, { showWarningMessage: async (message: string) => void warned.push(message) });
    try {
      await explorer.resolve(contractItem());
      assert.equal(contractItem().children.size, 1);
      await run();
    } finally {
      Object.defineProperty(workspace, 'isTrusted', trusted);
      Object.assign(window, { showWarningMessage: warn });
    }
    assert.deepEqual([asked.length, runs], [0, 0]);
    assert.deepEqual(warned, ['Plumbline reads no data in Restricted Mode. Trust this workspace first.']);
  });

  it('ends when it is cancelled, with nothing passed or failed', async () => {
    const cancelling = new CancellationTokenSource();
    check = async () => {
      cancelling.cancel();
      return undefined;
    };
    await explorer.run(new TestRunRequest(), cancelling.token);
    assert.equal(asked.length, 1);
    assert.deepEqual(new Set(told.map(({ ended }) => ended)), new Set(['started', 'skipped', 'end']));
  });

  it('shows a run that was started elsewhere, and its own once', async () => {
    await explorer.show(stored(results(), 'elsewhere').result);
    assert.equal(of('orders/id/required')[0]?.ended, 'failed');
    assert.equal(runs, 1);
    let ownShown: Promise<void> | undefined;
    check = async () => {
      const own = stored(results(), 'own');
      // The server tells of a result before it answers with it.
      ownShown = explorer.show(own.result);
      return own;
    };
    await run();
    await ownShown;
    assert.equal(runs, 2);
  });

  it('follows files that come, are renamed and go', async () => {
    const other = join(folder, 'other.odcs.yaml');
    const renamed = join(folder, 'renamed.odcs.yaml');
    const has = (path: string) => controller.items.get(Uri.file(path).toString()) !== undefined;
    writeFileSync(other, contract);
    await until(() => has(other), 'the new file is not found');
    renameSync(other, renamed);
    await until(() => has(renamed) && !has(other), 'the old name stays');
    rmSync(renamed);
    await until(() => !has(renamed), 'the file stays');
  });

  /** The controller, whose runs also write down what they are told. */
  function recorded(real: TestController): TestController {
    const createTestRun: TestController['createTestRun'] = (request, name, persist) => {
      const made = real.createTestRun(request, name, persist);
      runs++;
      const noted = (ended: string) => (item: TestItem, message?: TestMessage | number) => {
        told.push({ id: item.id, ended, ...(typeof message === 'object' ? { message } : {}) });
        (made[ended as 'failed'] as (...args: unknown[]) => void)(item, message);
      };
      return Object.assign(Object.create(made), {
        ...Object.fromEntries(['started', 'passed', 'failed', 'errored', 'skipped'].map((name) => [name, noted(name)])),
        appendOutput: (text: string, _: unknown, item?: TestItem) => {
          if (item) told.push({ id: item.id, ended: 'output', text });
        },
        end: () => {
          told.push({ id: '', ended: 'end' });
          made.end();
        },
      });
    };
    return Object.create(real, { createTestRun: { value: createTestRun } });
  }

  function result(id: string, status: CheckResult['status'], message = 'It is as it is.'): CheckResult {
    const range = contractChecks(new Document(uri, 0, contract))?.checks.find((each) => each.id === id)?.range;
    assert.ok(range, `the contract has no check ${id}`);
    const about = {
      id,
      name: id,
      table: 'orders',
      column: null,
      dimension: null,
      kind: 'x',
      severity: 'error',
    } as const;
    const figures = { observed: null, expected: '', rows: 3, unexpectedCount: null, unexpectedPercent: null };
    return { ...about, ...figures, status, samples: [], message, location: { path: file, range } };
  }

  const results = (): readonly CheckResult[] => [
    ...[...ids, 'enough', 'orders/amount/minimum'].map((id) => result(id, 'passed')),
    {
      ...result('orders/id/required', 'failed'),
      samples: [{ row: 2, values: { id: null, note: 'a|<b>' } }],
    },
  ];

  function stored(checks: readonly CheckResult[], id = 'one') {
    const summary = { passed: 0, failed: 1, warning: 0, error: 0, skipped: 0, status: 'failed' } as const;
    const report: CheckReport = {
      schemaVersion: 1,
      tool: { name: 'plumbline', version: '0' },
      verb: 'check',
      contract: { path: file, dialect: 'odcs', version: null },
      engine: { name: 'none', version: '0' },
      startedAt: '2026-01-01T00:00:00Z',
      durationMs: 70,
      checks,
      summary,
      data: [],
      provenance: [],
    };
    return { result: { id, kind: 'check', contract: file, report } as const };
  }
});

function inWorkspace(): string {
  return workspace.workspaceFolders?.[0]?.uri.fsPath ?? tmpdir();
}

interface Told {
  readonly id: string;
  readonly ended: string;
  readonly message?: TestMessage;
  readonly text?: string;
}

const documentAt = async (address: string): Promise<Document> =>
  new Document(address, 0, (await workspace.fs.readFile(Uri.parse(address))).toString());

function childrenOf(item: TestItem | undefined): readonly TestItem[] {
  const found = [...(item?.children ?? [])].map(([, child]) => child);
  return found.sort((one, other) => (one.sortText ?? '').localeCompare(other.sortText ?? ''));
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string | (() => string)): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(typeof otherwise === 'string' ? otherwise : otherwise());
    await new Promise((done) => setTimeout(done, 100));
  }
}
