import assert from 'node:assert/strict';
import type { Evidence } from '../../server/src/provenance/claims/evidence';
import { findingsOfClaims } from '../../server/src/provenance/claims/findings';
import { checklistOf } from '../../server/src/report/claims';
import type { Run } from '../../server/src/stores/run';
import type { Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';
import { claimsIn, delayRepository, evidenceOf, faults, lockOf, modelAt, runAt, wholeText } from './claims-fixture';

describe('claims of a manifest', () => {
  const world = listeningWorld();
  let repo: Scratch;
  let commit: string;
  let whole: string;
  before(() => {
    ({ repo, commit } = delayRepository());
    whole = wholeText.replaceAll('COMMIT', commit.slice(0, 8));
  });
  after(() => repo.remove());

  interface Change {
    readonly text?: readonly [string, string];
    readonly run?: Partial<Run>;
    readonly evidence?: Partial<Evidence>;
  }
  async function judged({ text, run, evidence }: Change) {
    if (text) assert.ok(whole.includes(text[0]), `the manifest has no ${text[0]}`);
    const changed = text ? whole.replace(...text) : whole;
    return claimsIn(repo, changed, evidenceOf(world, repo, { ...runAt(commit), ...run }, evidence));
  }

  it('are all verified where all is so', async () => {
    const claims = await judged({});
    assert.deepEqual(
      faults(claims),
      {},
      JSON.stringify(
        claims.filter(({ verdict }) => verdict !== 'verified'),
        null,
        1,
      ),
    );
    assert.ok(claims.length > 35, String(claims.length));
    assert.deepEqual(findingsOfClaims(claims), []);
    const clean = claims.find(({ claim }) => claim === 'code.clean');
    assert.equal(clean?.location.range.start.line, 4);
  });

  const other = 'fedcba9876543210fedcba9876543210';
  const cases: readonly (readonly [string, Change, Readonly<Record<string, string>>, readonly string[]])[] = [
    [
      'a commit that is not there',
      { text: ['commit: ', 'commit: 0000000 #'] },
      { 'code.commit': 'false' },
      ['manifest/commit-unknown'],
    ],
    [
      'a file that the commit lacks',
      { text: ['python -m delay.train --fast', 'train.py'] },
      { 'code.entrypoint': 'false' },
      ['manifest/entrypoint-false'],
    ],
    [
      'a command without a file',
      { text: ['python -m delay.train --fast', 'make all'] },
      { 'code.entrypoint': 'claimed' },
      ['manifest/entrypoint-unverified'],
    ],
    [
      'a repository elsewhere',
      { text: ['repository: .', 'repository: /'] },
      { 'code.repository': 'false' },
      ['manifest/repository-false'],
    ],
    [
      'an address without a remote',
      { text: ['repository: .', 'repository: https://example.org/a.git'] },
      { 'code.repository': 'claimed' },
      ['manifest/repository-unverified'],
    ],
    [
      'a dirty run',
      { run: { code: { ...runAt('').code, commit: undefined, dirty: true } } },
      { 'code.clean': 'false', 'runs[0].commit': 'claimed' },
      ['manifest/tree-dirty', 'manifest/run-commit-unverified'],
    ],
    [
      'a run that does not know',
      {
        run: {
          code: {
            commit: undefined,
            branch: undefined,
            repository: undefined,
            entrypoint: undefined,
            dirty: undefined,
            location: undefined,
          },
        },
      },
      { 'code.clean': 'claimed', 'runs[0].commit': 'claimed' },
      ['manifest/tree-unverified', 'manifest/run-commit-unverified'],
    ],
    [
      'a run of another commit',
      { run: { code: { ...runAt('0'.repeat(40)).code } } },
      { 'runs[0].commit': 'false' },
      ['manifest/run-commit-false'],
    ],
    [
      'another version of a package',
      {
        evidence: { lock: async (path) => lockOf(path, { 'scikit-learn': path.endsWith('.txt') ? '1.4.0' : '1.5.0' }) },
      },
      { 'environment.packages': 'false' },
      ['manifest/packages-false'],
    ],
    [
      'an open lock file',
      { evidence: { lock: async (path) => lockOf(path, { numpy: undefined, scipy: '1' }) } },
      { 'environment.lockFile': 'false' },
      ['manifest/lock-file-false'],
    ],
    [
      'an image by its tag',
      { text: [/@sha256:\w+/.exec(wholeText)?.[0] ?? '', ':1.2'] },
      { 'environment.image': 'claimed' },
      ['manifest/image-unverified'],
    ],
    ['a digest that is cut', { text: ['89abcdef"', '"'] }, { 'environment.image': 'false' }, ['manifest/image-false']],
    [
      'data that are not there',
      { text: ['ref: data/flights.csv@v1', 'ref: data/none.csv@v1'] },
      { 'data[0].ref': 'false', 'data[0].version': 'claimed' },
      ['manifest/data-false'],
    ],
    [
      'another content of the data',
      { text: ['md5:0123', 'md5:ffff'] },
      { 'data[0].version': 'false', 'runs[0].data': 'false' },
      ['manifest/data-version-false', 'manifest/run-data-false'],
    ],
    [
      'data that a run read otherwise',
      { run: { datasets: runAt('').datasets.map((one) => ({ ...one, version: other })) } },
      { 'runs[0].data': 'false' },
      ['manifest/run-data-false'],
    ],
    [
      'a digest of MLflow',
      {
        run: {
          datasets: runAt('').datasets.map((one) => ({ ...one, version: '6290b473', algorithm: 'mlflow-pandas' })),
        },
      },
      { 'runs[0].data': 'claimed' },
      ['manifest/run-data-unverified'],
    ],
    [
      'a contract that nobody checked',
      { evidence: { checked: undefined } },
      { 'data[0].check': 'claimed' },
      ['manifest/contract-unchecked'],
    ],
    [
      'a contract that is not there',
      { text: ['contract: flights.odcs.yaml', 'contract: gone.odcs.yaml'] },
      { 'data[0].contract': 'false', 'monitoring[0].columns.carrier': 'claimed' },
      ['manifest/contract-false', 'manifest/monitor-unverified'],
    ],
    [
      'another parameter',
      { text: ['lr: 0.05', 'lr: 0.06'] },
      { 'parameters.lr': 'false' },
      ['manifest/parameter-false'],
    ],
    [
      'a parameter of the file that the run had otherwise',
      { run: { params: { lr: '0.05', fast: 'True', seed: '7', 'train.lr': '0.1' } } },
      { 'parameters.from': 'false' },
      ['manifest/parameter-file-false'],
    ],
    [
      'another metric',
      { run: { metrics: { 'validation/auc': 0.8163 } } },
      { 'metrics[0].value': 'false' },
      ['manifest/metric-false'],
    ],
    [
      'a metric that is too low',
      { text: ['>= 78 %', '>= 0.82'] },
      { 'metrics[0].accept': 'false' },
      ['manifest/acceptance-false'],
    ],
    [
      'a metric that no run has',
      { run: { metrics: { loss: 1 } } },
      { 'metrics[0].value': 'claimed', 'metrics[0].accept': 'claimed' },
      ['manifest/metric-unverified'],
    ],
    [
      'a version that the registry lacks',
      { text: ['version: "12"', 'version: "13"'] },
      { 'model.version': 'false' },
      ['manifest/model-false'],
    ],
    [
      'a version of another run',
      { evidence: { models: async () => [modelAt('11'), modelAt('12', 'elsewhere')] } },
      { 'model.run': 'false' },
      ['manifest/model-false'],
    ],
    [
      'a budget that is not held',
      { text: ['latencyP95Ms: 50', 'latencyP95Ms: 29'] },
      { 'serving.latencyP95Ms': 'false' },
      ['manifest/serving-false'],
    ],
    [
      'a throughput that is not held',
      { text: ['throughputPerSecond: 2,', 'throughputPerSecond: 3,'] },
      { 'serving.throughputPerSecond': 'false' },
      ['manifest/serving-false'],
    ],
    [
      'a schedule that is none',
      { text: ['0 6 * * mon-fri', '0 26 * * *'] },
      { 'monitoring[0].schedule': 'false' },
      ['manifest/monitor-false'],
    ],
    [
      'a column that is none',
      { text: ['[carrier]', '[carier]'] },
      { 'monitoring[0].columns.carier': 'false' },
      ['manifest/monitor-false'],
    ],
    [
      'a monitor that is none',
      { text: ['drift: inputs', 'drift: outputs'] },
      { 'retraining.trigger.drift': 'false' },
      ['manifest/rollout-false'],
    ],
    ['steps that fall', { text: ['25%, 100%', '2%, 100%'] }, { 'rollout.steps': 'false' }, ['manifest/rollout-false']],
    [
      'an approval in the future',
      { text: ['2026-01-03', '2999-01-03'] },
      { 'approvals[0].on': 'false' },
      ['manifest/approval-false'],
    ],
    [
      'an approval before the commit',
      { text: ['2026-01-03', '2025-12-03'] },
      { 'approvals[0].on': 'false' },
      ['manifest/approval-false'],
    ],
  ];
  for (const [name, change, expected, codes] of cases) {
    it(`tell ${name}`, async () => {
      const claims = await judged(change);
      const found = faults(claims);
      for (const [claim, verdict] of Object.entries(expected))
        assert.equal(found[claim], verdict, JSON.stringify(found));
      const told = findingsOfClaims(claims).map(({ code }) => code);
      assert.deepEqual(told, codes, JSON.stringify(found));
    });
  }

  it('tell an approval of another version, and a commit beside the file', async () => {
    const approved = repo.git('rev-parse', 'HEAD');
    const text = whole.replace(/scope: production, commit: \w+/, `scope: production, commit: ${approved}`);
    const at = evidenceOf(world, repo, runAt(commit), {
      models: async () => [modelAt('11'), modelAt('12'), modelAt('13')],
    });
    assert.deepEqual(faults(await claimsIn(repo, text, at)), {});
    const next = text.replace('version: "12"', 'version: "13"');
    assert.deepEqual(faults(await claimsIn(repo, next, at)), { 'approvals[0].version': 'false' });
    repo.git('checkout', '--quiet', '--orphan', 'beside');
    const beside = repo.commit('Begin anew');
    repo.git('checkout', '--quiet', 'main');
    const astray = whole.replace(/scope: production, commit: \w+/, `scope: production, commit: ${beside}`);
    assert.equal(faults(await claimsIn(repo, astray, at))['approvals[0].commit'], 'false');
  });

  it('tell a commit that no branch holds', async () => {
    repo.git('checkout', '--quiet', '--detach');
    repo.write('loose.txt', 'x');
    const loose = repo.commit('On no branch');
    repo.git('checkout', '--quiet', 'main');
    const text = whole.replaceAll(commit.slice(0, 8), loose).replace('2026-01-03', '2026-02-03');
    const found = faults(await claimsIn(repo, text, evidenceOf(world, repo, runAt(loose))));
    assert.deepEqual(found, { 'code.reachable': 'false', 'approvals[0].commit': 'false' });
  });

  it('tell what is missing as hints, each once', async () => {
    const bare =
      'apiVersion: plumbline.dev/v1\nkind: Experiment\nname: bare\nparameters: {lr: 1}\nmetrics: [{name: auc, value: 1}]\n';
    const none = { runs: async () => [], models: async () => [], locks: async () => [] };
    const claims = await claimsIn(repo, bare, evidenceOf(world, repo, runAt(commit), none));
    assert.deepEqual(faults(claims), {
      owners: 'missing',
      'code.commit': 'missing',
      environment: 'missing',
      data: 'missing',
      runs: 'missing',
      'parameters.lr': 'claimed',
      'parameters.seed': 'missing',
      'metrics[0].value': 'claimed',
    });
    const findings = findingsOfClaims(claims);
    assert.deepEqual([...new Set(findings.map(({ severity }) => severity))], ['info']);
    assert.equal(findings.length, 6);
  });

  it('claim nothing of Git where it does not run, and tell that once', async () => {
    const untrusted = listeningWorld({ trusted: false });
    const claims = await claimsIn(repo, whole, evidenceOf(untrusted, repo, runAt(commit)));
    assert.equal(claims.filter(({ verdict }) => verdict === 'false').length, 0);
    const told = findingsOfClaims(claims).filter(({ message }) => message.startsWith('Git does not answer'));
    assert.equal(told.length, 1);
  });

  it('read whatever a manifest is', async () => {
    for (const text of [
      '',
      '- 1',
      'code: 3\ndata: x\nruns: {a: 1}\nmetrics: [1, null, []]\nmonitoring: [{columns: 3}]\napprovals: [a]\nowners: [null]',
      '{',
      'model: {version: [1]}\nparameters: [1]\nserving: {latencyP95Ms: x}\ndata: [{ref: {}, version: 1}]\nruns: [{tracker: []}]',
    ])
      assert.ok(Array.isArray(await claimsIn(repo, text, evidenceOf(world, repo, runAt(commit)))));
  });

  it('print as a checklist with their lines', async () => {
    const lines = checklistOf(await judged({ text: ['lr: 0.05', 'lr: 0.06'] }));
    assert.equal(lines[0], 'reproducibility');
    assert.ok(
      lines.some((line) => /^ {4}✗ parameters\.lr +10 {2}lr is 0\.05 in params\.yaml/.test(line)),
      lines.join('\n'),
    );
    assert.match(lines.at(-1) ?? '', /^ {2}\d+ claims: \d+ verified, 0 claimed, 0 missing, 1 false$/);
  });
});
