import assert from 'node:assert/strict';
import { codeActionsIn } from '../../server/src/language/code-actions';
import { ContractBases } from '../../server/src/language/contract-bases';
import { diagnosticsIn } from '../../server/src/language/diagnostics';
import { createNodeWorld } from '../../server/src/node-world';
import { Document } from '../../server/src/workspace/document';
import { repository, type Scratch, scratch } from '../world/repository';

const contract = (version: string, keys: string) => `apiVersion: v3.1.0
kind: DataContract
id: orders
version: ${version} # the one that readers see
status: active
schema:
  - name: orders
    properties:
      - name: id
        ${keys}
`;

const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

describe('changes of a contract in the editor', function () {
  this.timeout(30_000);
  let repo: Scratch;
  before(() => {
    repo = repository();
    repo.write('orders.odcs.yaml', contract('1.2.0', 'required: true'));
    repo.write(
      'packed.odcs.json',
      '{"apiVersion": "v3.1.0", "kind": "DataContract", "id": "a", "version": "0.4.0", "status": "active", "schema": [{"name": "t", "properties": [{"name": "x"}]}]}',
    );
    repo.write('broken.odcs.yaml', 'kind: [\n');
    repo.commit('One');
    repo.git('tag', 'first');
    repo.git('checkout', '--quiet', '-b', 'work');
    repo.write('orders.odcs.yaml', contract('1.2.0', 'required: true\n        unique: true'));
    repo.commit('Two');
  });
  after(() => repo.remove());

  const basesIn = (trusted = true) =>
    new ContractBases(() => createNodeWorld({ trusted, storage: repo.path, temporary: repo.path, log: quiet }));

  /** What is told of a text in place of the file's, without what the text alone says. */
  async function told(
    text: string,
    { name = 'orders.odcs.yaml', revision }: { name?: string; revision?: string } = {},
  ) {
    const bases = basesIn();
    const path = repo.at(name);
    await bases.ask(path, revision);
    const document = new Document(path, 1, text);
    const base = bases.of(path);
    const found = diagnosticsIn(document, undefined, undefined, base).filter(({ code }) =>
      ['contract/breaking-change', 'contract/version-behind'].includes(code),
    );
    const actions = found.flatMap(({ span }) => codeActionsIn(document, span, ['quickfix'], undefined, base));
    return { document, found, actions };
  }

  it('that break are marked on their lines, with the version that they call for', async () => {
    const { document, found } = await told(contract('1.2.0', 'required: false'));
    assert.equal(found.length, 1);
    const [{ code, severity, span, message } = { code: '', severity: '', span: { start: 0, end: 0 }, message: '' }] =
      found;
    assert.deepEqual([code, severity], ['contract/breaking-change', 'warning']);
    assert.deepEqual(document.lines.position(span.start), { line: 9, character: 18 });
    assert.match(
      message,
      /^Column "id" may be empty, and was required\. Since [0-9a-f]{7} \(in common with main\) this breaks its readers; it calls for version 2\.0\.0\.$/,
    );
  });

  it('have a fix that changes the version and leaves its comment', async () => {
    const { document, actions } = await told(contract('1.2.0', 'required: false'));
    const [{ title, edits } = { title: '', edits: [] }] = actions;
    assert.equal(title, 'Change the version to 2.0.0');
    const [edit] = edits;
    assert.ok(edit && edits.length === 1);
    const mended = document.text.slice(0, edit.span.start) + edit.text + document.text.slice(edit.span.end);
    assert.equal(mended, contract('2.0.0', 'required: false'));
    assert.deepEqual((await told(mended)).found, []);
  });

  it('of a contract in JSON stay JSON; before 1.0.0 the second number is enough', async () => {
    const text =
      '{"apiVersion": "v3.1.0", "kind": "DataContract", "id": "a", "version": "0.4.0", "status": "active", "schema": [{"name": "t", "properties": []}]}';
    const { actions } = await told(text, { name: 'packed.odcs.json' });
    assert.equal(actions[0]?.edits[0]?.text, '"0.5.0"');
  });

  it('that add are told at the version alone', async () => {
    const { document, found } = await told(contract('1.2.0', 'required: true\n        unique: true'));
    assert.deepEqual(
      found.map(({ code, severity, span }) => [code, severity, document.text.slice(span.start, span.end)]),
      [['contract/version-behind', 'info', '1.2.0']],
    );
  });

  it('are counted from the revision that is set', async () => {
    const text = contract('1.2.0', 'required: true');
    assert.deepEqual((await told(text)).found, []);
    const { found } = await told(text, { revision: 'work' });
    assert.match(found[0]?.message ?? '', /^Column "id" need not be unique any more\. Since work /);
    assert.deepEqual((await told(text, { revision: 'nowhere' })).found, []);
  });

  it('are silent when the version says so, while the text is broken, and where the contract was broken or new', async () => {
    assert.deepEqual((await told(contract('2.0.0', 'required: false'))).found, []);
    assert.deepEqual((await told(`${contract('1.2.0', 'required: false')}  - [`)).found, []);
    for (const name of ['broken.odcs.yaml', 'new.odcs.yaml'])
      assert.deepEqual((await told(contract('1.2.0', 'required: false'), { name })).found, []);
  });

  it('are not looked for without trust, outside a repository and before its first commit', async () => {
    const untrusted = basesIn(false);
    await untrusted.ask(repo.at('orders.odcs.yaml'));
    assert.equal(untrusted.of(repo.at('orders.odcs.yaml')), undefined);
    for (const made of [scratch(), repository()]) {
      try {
        const path = made.write('orders.odcs.yaml', contract('1.2.0', 'required: true'));
        const bases = basesIn();
        await bases.ask(path);
        assert.equal(bases.of(path), undefined);
      } finally {
        made.remove();
      }
    }
  });

  it('are asked for once: the same blob is the same contract, and nobody is told of it again', async () => {
    const bases = basesIn();
    const path = repo.at('orders.odcs.yaml');
    let times = 0;
    bases.onChange = () => {
      times += 1;
    };
    await bases.ask(path);
    const first = bases.of(path);
    await bases.ask(path);
    assert.ok(first);
    assert.equal(bases.of(path)?.contract, first.contract);
    assert.equal(times, 1);
    await bases.ask(path, 'work');
    assert.equal(times, 2);
    bases.close(path);
    assert.equal(bases.of(path), undefined);
  });
});
