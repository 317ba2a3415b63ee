import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Run } from '../../server/src/stores/run';
import { wandb } from '../../server/src/stores/trackers/wandb';
import type { World } from '../../server/src/world';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';
import { encoded, logOf, type Message } from './wandb-logs';

const store = resolve('test/fixtures/provenance/wandb');
const ok = 'offline-run-20261123_221436-uabv4f5j';
const world = listeningWorld();
const read = (folder: string, from: World = world) => wandb.read(folder, from);
const codesOf = async (folder: string) => (await read(folder)).problems.map(({ code }) => code);

describe('runs of W&B', () => {
  let place: Scratch;
  beforeEach(() => {
    place = scratch();
  });
  afterEach(() => place.remove());

  /** A run whose log is old enough not to be taken for one that is being written. */
  const put = (id: string, log: Uint8Array) => {
    const path = place.write(`offline-run-20260101_120000-${id}/run-${id}.wandb`, log);
    utimesSync(path, 1e9, 1e9);
    return path;
  };
  const only = async (): Promise<Run> => {
    const { runs } = (await read(place.path)).found;
    assert.equal(runs.length, 1);
    return runs[0] as Run;
  };
  const record = (message: Message) => encoded(message);
  const run = (id: string, more: Message = {}) => record({ 17: { 1: id, 3: 'p', ...more } });
  const end = record({ 18: { 2: 7 } });

  it('are found wherever their folder is', async () => {
    assert.deepEqual(await wandb.stores(store, world), [store]);
    place.write('deep/.wandb/run-20260101_120000-x/run-x.wandb', '');
    place.write('old/run-20260101_120000-x/files/wandb-metadata.json', '{}');
    assert.deepEqual(await wandb.stores(place.path, world), [place.at('deep/.wandb'), place.at('old')]);
  });

  it('say what the log says', async () => {
    const found = (await read(store)).found.runs.find(({ id }) => id === 'uabv4f5j');
    const log = join(store, ok, 'run-uabv4f5j.wandb');
    const { datasets, models, ...rest } = found as Run;
    const location = { path: log, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
    assert.deepEqual(rest, {
      tracker: 'wandb',
      store,
      id: 'uabv4f5j',
      name: 'ok-run',
      experiment: 'harbor-eta',
      status: 'finished',
      started: 1_795_472_077_110,
      ended: 1_795_472_078_110,
      code: {
        commit: '5717c6d25ec38400129f9590eb1c6dd958fafa00',
        branch: undefined,
        repository: 'https://git.example/harbour/harbor.git',
        entrypoint: 'src/track_wandb.py',
        dirty: undefined,
        location,
      },
      parent: undefined,
      user: undefined,
      params: {
        lr: 0.1,
        epochs: 5,
        'net.depth': 2,
        'net.act': 'relu',
        layers: [8, 4],
        flag: true,
        none: null,
        added_later: 3,
      },
      metrics: { 'loss.min': 6.561, epoch: 4, 'val/mae': 1.6, big: 9007199254740996, 'best/mae': 1.5, 'nested.a': 1 },
      tags: {
        fixture: '',
        ok: '',
        'wandb.group': 'g1',
        'wandb.jobType': 'train',
        'wandb.notes': 'notes, line 1',
        'wandb.version': '0.31.0',
        'wandb.python': 'CPython 3.11.7',
      },
      environment: join(store, ok, 'files/requirements.txt'),
      image: undefined,
      artifacts: { recorded: undefined, path: join(store, ok, 'files') },
      location,
    });
    assert.deepEqual(
      datasets.map(({ name, role, version, algorithm }) => [name, role, version, algorithm]),
      [['port-calls', 'output', '621e8e6019789fbed7668c3147d75607', 'wandb-manifest']],
    );
    assert.deepEqual(models, [{ name: 'eta', id: '117e004401f6829a9198e546a4d69f02', version: undefined, location }]);
    const files = new Map(datasets[0]?.files.map((file) => [file.path, file]));
    assert.equal(files.get('port_calls.csv')?.md5, '04d343dc5db054264aecf9c61b9e9851');
    assert.equal(files.get('port_calls.csv')?.reference, undefined);
    assert.equal(files.get('lake.csv')?.md5, undefined);
    assert.equal(files.get('lake.csv')?.reference, 'lakefs://harbor-lake/main/port_calls.csv');
    assert.match(files.get('tides.csv')?.reference ?? '', /^file:\/\/.*\/data\/tides\.csv$/);
    assert.match(files.get('tides.csv')?.md5 ?? '', /^[0-9a-f]{32}$/);
  });

  it('tell of failure, of uncommitted changes and of addresses that move, each once', async () => {
    const { found, problems } = await read(store);
    assert.deepEqual(
      found.runs.map(({ id, status, code }) => [id, status, code.dirty]),
      [
        ['gef6w3on', 'finished', undefined],
        ['ryofu663', 'finished', true],
        ['cc0zxeyk', 'failed', undefined],
        ['uabv4f5j', 'finished', undefined],
      ],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['wandb/uncommitted', 'wandb/reference-moves'],
    );
    assert.match(problems[0]?.message ?? '', /"ryofu663".*diff\.patch/);
    assert.match(problems[1]?.message ?? '', /"port-calls" of 4 runs refers to lakefs:\/\/harbor-lake\/main\/.*commit/);
  });

  it('have details: curves, places and files', async () => {
    const details = await wandb.details(store, 'uabv4f5j', world);
    assert.deepEqual(
      details?.histories['val/mae']?.map(({ step, value }) => [step, value]),
      [
        [0, 2],
        [1, 1.9],
        [2, 1.8],
        [3, 1.7],
        [4, 1.6],
      ],
    );
    assert.equal(details?.histories.epoch?.[0]?.time, 1_795_472_077_612.5764);
    assert.equal(details?.places['params/lr']?.path, join(store, ok, 'run-uabv4f5j.wandb'));
    assert.deepEqual(details?.artifacts, ['media/table/sample_5_f87e254b768120a6aa89.table.json', 'requirements.txt']);
    assert.equal(await wandb.details(store, 'nobody', world), undefined);
  });

  it('keep at most two thousand points of a curve, the last among them', async () => {
    const rows = Array.from({ length: 10_000 }, (_, step) =>
      record({ 2: { 1: [{ 1: 'loss', 16: String(step / 2) }], 2: { 1: step } } }),
    );
    put('long', logOf([run('long'), ...rows, end]));
    const loss = (await wandb.details(place.path, 'long', world))?.histories.loss ?? [];
    assert.ok(loss.length > 1000 && loss.length <= 2001, String(loss.length));
    assert.deepEqual([loss[0]?.value, loss.at(-1)?.value], [0, 4999.5]);
  });

  it('keep values that JSON lacks', async () => {
    const config = {
      5: {
        1: [
          { 1: 'seed', 16: '9007199254740993' },
          { 1: 'cap', 16: '[Infinity, "NaN 1"]' },
        ],
      },
    };
    const summary = {
      3: {
        1: [
          { 1: 'loss', 16: 'NaN' },
          { 1: 'low', 16: '-Infinity' },
          { 1: '__proto__', 16: '{"x": 1}' },
        ],
      },
    };
    put('odd', logOf([run('odd'), record(config), record(summary), end]));
    const { params, metrics } = await only();
    assert.deepEqual(params, { seed: '9007199254740993', cap: ['Infinity', 'NaN 1'] });
    assert.deepEqual(metrics, { loss: Number.NaN, low: Number.NEGATIVE_INFINITY });
  });

  it('take config and summary as they are after every change', async () => {
    const set = (field: number, ...items: Message[]) => record({ [field]: { 1: items } });
    put(
      'changed',
      logOf([
        run('changed', {
          4: {
            1: [
              { 1: 'lr', 16: '1' },
              { 1: 'gone', 16: '1' },
            ],
          },
        }),
        set(5, { 2: ['net', 'depth'], 16: '2' }, { 1: 'lr', 16: '0.5' }),
        record({ 5: { 2: [{ 1: 'gone' }] } }),
        set(3, { 2: ['best', 'loss'], 16: '3' }),
        set(3, { 1: 'best', 16: '{"loss": 2, "step": 9}' }),
        record({ 3: { 2: [{ 2: ['best', 'step'] }] } }),
        end,
      ]),
    );
    const { params, metrics } = await only();
    assert.deepEqual(params, { lr: 0.5, 'net.depth': 2 });
    assert.deepEqual(metrics, { 'best.loss': 2 });
  });

  it('skip what newer versions add, and fields of another kind', async () => {
    const odd = record({ 17: { 1: 'new', 3: 12, 8: 'name', 900: 'x' }, 901: 7 });
    put('new', logOf([odd, encoded({ 903: { 1: 'a' } }), end]));
    const { id, name, experiment } = await only();
    assert.deepEqual([id, name, experiment], ['new', 'name', undefined]);
  });

  it('without an end are running while they are written, else unknown and told', async () => {
    const path = put('open', logOf([run('open')]));
    assert.equal((await only()).status, 'unknown');
    assert.deepEqual(await codesOf(place.path), ['wandb/unfinished']);
    utimesSync(path, new Date(), new Date());
    assert.equal((await only()).status, 'running');
    assert.deepEqual(await codesOf(place.path), []);
  });

  it('with a cut or damaged log show what was read, and say so once', async () => {
    const whole = readFileSync(join(store, ok, 'run-uabv4f5j.wandb'));
    put('cut', whole.subarray(0, 3000));
    const { found, problems } = await read(place.path);
    assert.deepEqual(
      [found.runs[0]?.id, found.runs[0]?.status, found.runs[0]?.params.lr],
      ['uabv4f5j', 'unknown', 0.1],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['wandb/log-cut', 'wandb/reference-moves'].slice(0, problems.length),
    );
    assert.match(
      problems[0]?.message ?? '',
      /run-cut\.wandb is cut short within the record at byte [\d,]+\. \d+ records of run "uabv4f5j" are read/,
    );
    const hit = Buffer.from(whole);
    hit.fill(7, 3000, 3010);
    put('cut', hit);
    assert.ok((await codesOf(place.path)).includes('wandb/log-corrupt'));
  });

  it('that cannot be read are one finding each, and hide no other', async () => {
    put('good', logOf([run('good'), end]));
    put('other', Buffer.from('not a log at all'));
    place.write('run-20260101_120000-none/files/output.log', '');
    symlinkSync('run-20260101_120000-loop', place.at('run-20260101_120000-loop'));
    symlinkSync('offline-run-20260101_120000-good', place.at('latest-run'));
    place.write('offline-run-20260101_120000-good/files/config.yaml', 'lr: {value: [1\n');
    const { found, problems } = await read(place.path);
    assert.deepEqual(
      found.runs.map(({ id }) => id),
      ['good'],
    );
    assert.deepEqual(problems.map(({ code }) => code).sort(), ['wandb/broken-json', 'wandb/no-log', 'wandb/not-a-log']);
    const broken = problems.find(({ code }) => code === 'wandb/broken-json');
    assert.equal(broken?.location?.path, place.at('offline-run-20260101_120000-good/files/config.yaml'));
  });

  // Root may open every file.
  if (process.getuid?.() !== 0)
    it('whose file may not be opened are a finding', async () => {
      chmodSync(put('shut', logOf([run('shut'), end])), 0);
      assert.deepEqual(await codesOf(place.path), ['wandb/unreadable']);
    });

  it('take from files/ what the log lacks, and places of parameters from config.yaml', async () => {
    put('old', logOf([run('old'), end]));
    const files = 'offline-run-20260101_120000-old/files';
    place.write(
      `${files}/wandb-metadata.json`,
      '{"git": {"commit": "abc", "remote": "https://me:secret@h.example/r.git"}, "codePath": "a.py", "username": "ada", "startedAt": "2026-01-01T12:00:00.5"}',
    );
    place.write(`${files}/wandb-summary.json`, '{"loss": 2, "_wandb": {"runtime": 3}}');
    const config = place.write(
      `${files}/config.yaml`,
      'wandb_version: 1\nlr:\n  desc: null\n  value: 0.5\nnet:\n  value:\n    depth: 2\n',
    );
    const { code, params, metrics, user, started } = await only();
    assert.deepEqual(
      [code.commit, code.repository, code.entrypoint, user],
      ['abc', 'https://h.example/r.git', 'a.py', 'ada'],
    );
    assert.deepEqual(
      [params, metrics, started],
      [{ lr: 0.5, 'net.depth': 2 }, { loss: 2 }, Date.UTC(2026, 0, 1, 12, 0, 0, 500)],
    );
    const places = (await wandb.details(place.path, 'old', world))?.places;
    assert.deepEqual([places?.['params/lr']?.path, places?.['params/lr']?.range.start.line], [config, 1]);
    assert.equal(places?.['params/net.depth']?.range.start.line, 6);
  });

  it('say when an artifact has another digest than its files', async () => {
    const artifact = {
      4: 'dataset',
      5: 'a',
      6: '0'.repeat(32),
      12: { 4: [{ 1: 'f', 2: 'BNND3F2wVCZK7PnGG56YUQ==' }] },
    };
    put('differs', logOf([run('differs'), record({ 8: artifact }), end]));
    const { problems } = await read(place.path);
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['wandb/digest-differs', 'error']],
    );
  });

  it('call no address moving that names a commit or whose content has a digest', async () => {
    const entry = (path: string, address: string, digest = address) => ({ 1: path, 2: digest, 3: address });
    const commit = `lakefs://lake/${'a1'.repeat(32)}/x.csv`;
    const entries = [
      entry('a', commit),
      entry('b', 's3://bucket/x', '"etag"'),
      entry('c', 'lakefs://lake/main~1/x.csv'),
    ];
    put('refs', logOf([run('refs'), record({ 8: { 4: 'dataset', 5: 'a', 12: { 4: entries } } }), end]));
    const { problems } = await read(place.path);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['wandb/reference-moves'],
    );
    assert.match(problems[0]?.message ?? '', /main~1.*Refer to lakefs:\/\/lake\/COMMIT\/x\.csv instead/);
  });

  it('are read again only when their file changed', async () => {
    for (const id of ['a', 'b']) put(id, logOf([run(id), end]));
    const asked: string[] = [];
    const listening: World['many']['read'] = (paths, options) => {
      asked.push(...paths);
      return world.many.read(paths, options);
    };
    const counting: World = { ...world, many: { ...world.many, read: listening } };
    await read(place.path, counting);
    assert.equal(asked.length, 2);
    await read(place.path, counting);
    assert.equal(asked.length, 2);
    put('b', logOf([run('b', { 8: 'renamed' }), end]));
    const { runs } = (await read(place.path, counting)).found;
    assert.equal(asked.length, 3);
    assert.deepEqual(runs.map(({ name }) => name).sort(), ['renamed', undefined]);
  });

  it('that were resumed are one run, told once, in which the last folder counts', async () => {
    const part = (day: string, records: readonly Uint8Array[]) => {
      const path = place.write(`offline-run-202601${day}_120000-same/run-same.wandb`, logOf(records));
      utimesSync(path, 1e9, 1e9);
      return path;
    };
    const item = (key: string, json: string) => ({ 1: key, 16: json });
    const row = (step: number, json: string) => record({ 2: { 1: [item('loss', json)], 2: { 1: step } } });
    const first = [
      run('same', { 4: { 1: [item('lr', '0.1'), item('seed', '7')] }, 17: { 1: 100 } }),
      row(0, '3'),
      row(1, '2'),
      record({ 3: { 1: [item('loss', '2'), item('best', '9')] } }),
      record({ 18: { 1: 1, 2: 5 } }),
    ];
    part('01', first);
    part('02', [
      run('same', { 4: { 1: [item('lr', '0.2')] }, 17: { 1: 200 } }),
      row(1, '1.5'),
      row(2, '1'),
      record({ 3: { 1: [item('loss', '1')] } }),
      end,
    ]);
    put('other', logOf([run('other'), end]));
    const { found, problems } = await read(place.path);
    assert.equal(found.runs.length, 2);
    const same = found.runs.find(({ id }) => id === 'same');
    assert.deepEqual(same?.params, { lr: 0.2, seed: 7 });
    assert.deepEqual(same?.metrics, { loss: 1, best: 9 });
    assert.deepEqual([same?.status, same?.started, same?.ended], ['finished', 100_000, 207_000]);
    assert.deepEqual(
      problems.map(({ code, location }) => [code, location?.path]),
      [['wandb/resumed', place.at('offline-run-20260102_120000-same/run-same.wandb')]],
    );
    assert.match(problems[0]?.message ?? '', /"same" was resumed: it has 2 folders/);
    const told = await wandb.details(place.path, 'same', world);
    assert.deepEqual(
      told?.histories.loss?.map(({ step, value }) => [step, value]),
      [
        [0, 3],
        [1, 1.5],
        [2, 1],
      ],
    );
  });

  it('stop being read when the signal says so', async () => {
    put('a', logOf([run('a'), end]));
    await assert.rejects(wandb.read(place.path, world, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('leave the store as it was', async () => {
    cpSync(store, place.at('copy'), { recursive: true });
    rmSync(place.at('copy', ok, 'files'), { recursive: true });
    copyFileSync(join(store, ok, 'run-uabv4f5j.wandb'), place.at('copy', ok, 'run-uabv4f5j.wandb'));
    await read(place.at('copy'));
    assert.ok(!existsSync(place.at('copy', ok, 'files')));
  });
});

const shared = resolve('../shared/corpus/provenance');
if (existsSync(shared)) {
  describe('runs of W&B in the corpus', () => {
    it('have the commit, parameters, figures and data that are expected', async () => {
      const expected = JSON.parse(readFileSync(join(shared, 'expected.json'), 'utf8')).runs.filter(
        ({ tracker }: Run) => tracker === 'wandb',
      );
      const { runs } = (await read(join(shared, 'fixtures/harbor/overlay/wandb'))).found;
      assert.equal(runs.length, expected.length);
      for (const want of expected) {
        const got = runs.find(({ id }) => id === want.id);
        assert.deepEqual([got?.name, got?.status, got?.code.commit], [want.name, want.status, want.commit]);
        assert.deepEqual({ ...got?.params, ...want.params }, got?.params);
        assert.deepEqual({ ...got?.metrics, ...want.summary }, got?.metrics);
        assert.equal(got?.datasets[0]?.version, want.datasets[0].version);
      }
      const details = await wandb.details(join(shared, 'fixtures/harbor/overlay/wandb'), 'egmpfop4', world);
      assert.equal(details?.histories.loss?.length, 900);
    });
  });
}
