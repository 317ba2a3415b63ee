import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { resolveDataset } from '../../server/src/data/dataset';
import { listHash } from '../../server/src/stores/dvc/cache';
import { historyOf } from '../../server/src/stores/dvc/history';
import { type OutputStatus, statusOf } from '../../server/src/stores/dvc/status';
import { dvc } from '../../server/src/stores/trackers/dvc';
import { repository, type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const md5Of = (content: string) => createHash('md5').update(content).digest('hex');
const corpus = resolve('../shared/corpus/provenance/fixtures/harbor');

/** The answer of `dvc data status --granular` that the states amount to. */
function dataStatus(outputs: readonly OutputStatus[], project: string) {
  const name = (path: string, isDirectory = false) => path.slice(project.length + 1) + (isDirectory ? '/' : '');
  const cached = outputs.filter((output) => output.cached);
  const members = (status: string) =>
    cached.flatMap((output) =>
      output.members.filter((member) => member.status === status).map(({ path }) => name(path)),
    );
  const of = (...states: string[]) =>
    cached.filter(({ status }) => states.includes(status)).map((output) => name(output.path, output.isDirectory));
  return {
    modified: [...of('modified'), ...members('modified')].sort(),
    deleted: [...of('missing', 'not-in-cache'), ...members('missing')].sort(),
    added: members('untracked').sort(),
  };
}

describe('a DVC project', () => {
  let repo: Scratch;
  const world = listeningWorld();
  const status = () => statusOf(repo.path, world);
  const codes = async () => (await status()).problems.map(({ code }) => code);
  const object = (md5: string, store = '.dvc/cache') => `${store}/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`;
  const keep = (text: string, suffix = '') => {
    const md5 = md5Of(text) + suffix;
    repo.write(object(md5), text);
    return md5;
  };
  const add = (name: string, text: string) => {
    repo.write(name, text);
    repo.write(
      `${name}.dvc`,
      `outs:\n- md5: ${keep(text)}\n  size: ${text.length}\n  hash: md5\n  path: ${name.split('/').at(-1)}\n`,
    );
  };
  beforeEach(() => {
    repo = repository();
    repo.write('.dvc/config', '');
  });
  afterEach(() => repo.remove());

  it('tells each state of an output, and what mends it', async () => {
    for (const name of ['same', 'edited', 'gone', 'lost', 'uncached']) add(`data/${name}.csv`, `${name}\n`);
    repo.write('data/edited.csv', 'EDITED\n');
    rmSync(repo.at('data/gone.csv'));
    for (const name of ['lost', 'uncached']) rmSync(repo.at(object(md5Of(`${name}\n`))));
    rmSync(repo.at('data/lost.csv'));
    const { outputs, problems } = await status();
    assert.deepEqual(
      outputs.map(({ path, status, inCache }) => [path.slice(repo.path.length + 6), status, inCache]),
      [
        ['edited.csv', 'modified', true],
        ['gone.csv', 'missing', true],
        ['lost.csv', 'not-in-cache', false],
        ['same.csv', 'unchanged', true],
        ['uncached.csv', 'unchanged', false],
      ],
    );
    assert.deepEqual(
      problems.map(({ code, message, location }) => [
        code,
        /: ([^:]*)$/.exec(message)?.[1],
        location?.range.start.line,
      ]),
      [
        ['dvc/modified', 'dvc checkout data/edited.csv', 4],
        ['dvc/missing', 'dvc checkout data/gone.csv', 4],
        ['dvc/not-in-cache', 'dvc pull data/lost.csv.dvc', 4],
        ['dvc/not-in-cache', 'dvc commit data/uncached.csv.dvc', 4],
      ],
    );
  });

  it('tells corrupt content of the cache, and leaves it there', async () => {
    add('a.csv', 'a\n1\n');
    rmSync(repo.at(object(md5Of('a\n1\n'))));
    mkdirSync(resolve(repo.at(object(md5Of('a\n1\n'))), '..'), { recursive: true });
    repo.write('a.csv', 'a\n2\n');
    linkSync(repo.at('a.csv'), repo.at(object(md5Of('a\n1\n'))));
    assert.deepEqual((await codes()).sort(), ['dvc/cache-corrupt', 'dvc/modified']);
    assert.equal(readFileSync(repo.at(object(md5Of('a\n1\n'))), 'utf8'), 'a\n2\n');
  });

  it('looks into a remote that is a folder, which the person may have configured', async () => {
    const away = scratch();
    const variable = (name: string) => (name === 'XDG_CONFIG_HOME' ? away.path : undefined);
    away.write(
      'dvc/config',
      `[core]\n    remote = mine # of this machine\n['remote "mine"']\n    url = ../store\n    password = x\n`,
    );
    add('a.csv', 'a\n');
    add('b.csv', 'b\n');
    away.write(object(md5Of('a\n'), 'store'), 'a\n');
    const { outputs, problems } = await statusOf(repo.path, { ...world, variable });
    assert.deepEqual(
      outputs.map(({ inRemote }) => inRemote),
      [true, false],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['dvc/not-in-remote'],
    );
    repo.write('.dvc/config.local', '[core]\n    remote = cloud\n["remote \\"cloud\\""]\n    url = s3://bucket/a\n');
    assert.deepEqual(
      (await statusOf(repo.path, { ...world, variable })).outputs.map(({ inRemote }) => inRemote),
      [undefined, undefined],
    );
    away.remove();
  });

  it('names the files of a folder that differ, and does not go round in circles', async () => {
    const files = { 'deep/south.csv': 's', 'north.csv': 'n', 'ü.txt': 'u' };
    const entries = Object.entries(files).map(([relpath, text]) => ({ md5: keep(text), relpath }));
    const text = `[${entries.map(({ md5, relpath }) => `{"md5": "${md5}", "relpath": "${relpath.replace('ü', '\\u00fc')}"}`).join(', ')}]`;
    const md5 = keep(text, '.dir');
    assert.equal(listHash(entries), md5);
    repo.write('berths.dvc', `outs:\n- md5: ${md5}\n  hash: md5\n  path: berths\n`);
    for (const [name, content] of Object.entries(files)) repo.write(`berths/${name}`, content);
    assert.equal((await status()).outputs[0]?.status, 'unchanged');
    rmSync(repo.at('berths/north.csv'));
    repo.write('berths/deep/south.csv', 'S');
    repo.write('berths/new.csv', '');
    symlinkSync('..', repo.at('berths/deep/up'));
    assert.deepEqual(dataStatus((await status()).outputs, repo.path), {
      modified: ['berths/', 'berths/deep/south.csv'],
      deleted: ['berths/north.csv'],
      added: ['berths/new.csv'],
    });
  });

  it('with broken records still tells of the others', async () => {
    add('good.csv', 'a\n');
    repo.write('bad.csv.dvc', 'outs:\n- md5: [\n');
    repo.write('list.csv.dvc', '- 1\n');
    repo.write('empty.csv.dvc', '');
    repo.write(
      'number.csv.dvc',
      'outs:\n- md5: 00000000000000000000000000000000\n  size: -1\n  hash: md5\n  path: number.csv\n',
    );
    repo.write('out.csv.dvc', `outs:\n- md5: ${md5Of('x')}\n  hash: md5\n  path: ../../../etc/hostname\n`);
    const { outputs, problems } = await status();
    assert.equal(outputs.find(({ path }) => path === repo.at('good.csv'))?.status, 'unchanged');
    const told = problems.map(({ code, location }) => `${code} ${location?.path.split('/').at(-1)}`);
    assert.deepEqual(told.sort(), [
      'dvc/hash-invalid number.csv.dvc',
      'dvc/not-in-cache number.csv.dvc',
      'dvc/path-outside out.csv.dvc',
      'dvc/unreadable bad.csv.dvc',
      'dvc/unreadable empty.csv.dvc',
      'dvc/unreadable list.csv.dvc',
    ]);
    assert.match(problems.find(({ code }) => code === 'dvc/hash-invalid')?.message ?? '', /is a number.*'0{32}'/);
  });

  it('leaves out what .dvcignore names and what lies in a project further in', async () => {
    add('a.csv', 'a\n');
    add('old/b.csv', 'b\n');
    add('inner/c.csv', 'c\n');
    repo.write('inner/.dvc/config', '');
    repo.write('.dvcignore', 'old\n');
    assert.deepEqual(
      (await status()).outputs.map(({ path }) => path),
      [repo.at('a.csv')],
    );
  });

  it('stops when it is told to', async () => {
    add('a.csv', 'a\n');
    await assert.rejects(statusOf(repo.path, world, { signal: AbortSignal.abort(new Error('enough')) }), /enough/);
  });

  describe('with a pipeline', () => {
    const lock = (names: Readonly<Record<string, string>>) =>
      `schema: '2.0'\nstages:\n${Object.entries(names)
        .map(([name, body]) => `  ${name}:\n${body}`)
        .join('')}`;
    const entry = (path: string, text: string) =>
      `    - path: ${path}\n      hash: md5\n      md5: ${md5Of(text)}\n      size: ${text.length}\n`;

    it('fills in parameters, lists, mappings and matrices as DVC does', async () => {
      repo.write(
        'params.yaml',
        'rate: 1.0\nsmall: 1e-05\nflag: true\nsides: [north, south]\nwho: {a: {n: 1}, b: {n: 2}}\n',
      );
      repo.write(
        'dvc.yaml',
        [
          'vars:',
          '- deep: {list: [x, y]}',
          'stages:',
          '  plain: {cmd: "run ${rate} ${small} ${flag} ${deep.list[1]} \\\\${no}"}',
          '  each: {foreach: "${sides}", do: {cmd: "run ${item}"}}',
          '  pair: {foreach: "${who}", do: {cmd: "run ${key} ${item.n}"}}',
          '  dicts: {foreach: [{k: 1}, {k: 2}], do: {cmd: "run ${item.k}"}}',
          '  grid: {matrix: {one: "${sides}", two: [1, 2]}, cmd: "run ${item.one} ${key}"}',
          '  wrong: {cmd: "run ${nothing}"}',
          '',
        ].join('\n'),
      );
      const { pipeline, problems } = await status();
      assert.deepEqual(Object.fromEntries(pipeline.stages.map(({ name, command }) => [name, command?.[0]])), {
        plain: 'run 1.0 1e-05 true y ${no}',
        'each@north': 'run north',
        'each@south': 'run south',
        'pair@a': 'run a 1',
        'pair@b': 'run b 2',
        'dicts@0': 'run 1',
        'dicts@1': 'run 2',
        'grid@north-1': 'run north north-1',
        'grid@north-2': 'run north north-2',
        'grid@south-1': 'run south south-1',
        'grid@south-2': 'run south south-2',
        wrong: 'run ${nothing}',
      });
      assert.deepEqual(
        problems.filter(({ code }) => code === 'dvc/interpolation').map(({ location }) => location?.range.start.line),
        [8],
      );
    });

    it('says what makes a stage stale', async () => {
      repo.write('params.yaml', 'train: {lr: 0.2, epochs: 5}\n');
      repo.write('in.csv', 'new\n');
      repo.write('m.json', '{}');
      repo.write(
        'dvc.yaml',
        'stages:\n  train:\n    cmd: python b.py\n    deps: [in.csv]\n    params: [train, other]\n    metrics: [m.json: {cache: false}]\n  fresh: {cmd: x}\n',
      );
      repo.write(
        'dvc.lock',
        lock({
          train: `    cmd: python a.py\n    deps:\n${entry('in.csv', 'old\n')}    params:\n      params.yaml:\n        train: {lr: 0.1, epochs: 5}\n    outs:\n${entry('m.json', '{}')}`,
          gone: '    cmd: x\n',
        }),
      );
      const { stages, problems } = await status();
      assert.deepEqual(
        stages.map(({ name, changes }) => [name, changes.map(({ what, name, state }) => `${what} ${name} ${state}`)]),
        [
          [
            'train',
            [
              'dependency in.csv modified',
              'parameter params.yaml:train modified',
              'parameter params.yaml:other missing',
              'command cmd modified',
            ],
          ],
          ['fresh', []],
        ],
      );
      assert.deepEqual(problems.map(({ code }) => code).sort(), [
        'dvc/parameter-unknown',
        'dvc/stage-never-run',
        'dvc/stage-stale',
        'dvc/stage-unknown',
      ]);
    });

    it('tells circles, outputs of two stages and dependencies that are not there', async () => {
      repo.write(
        'dvc.yaml',
        'stages:\n  a: {cmd: a, deps: [y], outs: [x]}\n  b: {cmd: b, deps: [x, z], outs: [y]}\n  c: {cmd: c, outs: [y/in.csv]}\n',
      );
      repo.write('dvc.lock', lock({ a: '    cmd: a\n', b: '    cmd: b\n', c: '    cmd: c\n' }));
      const { problems } = await status();
      const told = (code: string) => problems.filter((problem) => problem.code === code).map(({ message }) => message);
      assert.match(told('dvc/cycle').join(), /a → b → a/);
      assert.match(told('dvc/output-twice').join(), /y\/in.csv is written by both b and c/);
      assert.match(told('dvc/dependency-missing').join(), /depends on z/);
    });
  });

  it('has versions in Git, through a change of name', async () => {
    add('a.csv', '1\n');
    repo.write('.gitignore', '*.csv\n/.dvc/cache\n');
    repo.commit('one');
    repo.write('a.csv.dvc', `# said\n${readFileSync(repo.at('a.csv.dvc'), 'utf8')}`);
    repo.commit('remark');
    add('a.csv', '12\n');
    repo.commit('two');
    repo.git('mv', 'a.csv.dvc', 'b.csv.dvc');
    repo.write('b.csv.dvc', readFileSync(repo.at('b.csv.dvc'), 'utf8').replace('a.csv', 'b.csv'));
    repo.commit('renamed');
    const versions = await historyOf(repo.at('b.csv'), world);
    assert.deepEqual(
      versions.map(({ commit, md5, size }) => [commit.subject, md5, size]),
      [
        ['two', md5Of('12\n'), 3],
        ['one', md5Of('1\n'), 2],
      ],
    );
  });

  it('finds what was imported where it came from, at a revision too', async () => {
    const source = scratch();
    repo.write('.gitignore', '*.csv\n');
    const md5 = md5Of('a\n1\n');
    source.write(object(md5), 'a\n1\n');
    const url = `../${basename(source.path)}`;
    repo.write(
      'data/a.csv.dvc',
      `deps:\n- path: a.csv\n  repo: {url: ${url}}\nouts:\n- {md5: ${md5}, hash: md5, path: a.csv}\n`,
    );
    repo.commit('import');
    const { paths } = await resolveDataset('data/a.csv@HEAD', repo.path, world);
    assert.deepEqual(paths, [source.at(object(md5))]);
    source.remove();
  });

  it('has experiments, finished, queued and failed', async () => {
    repo.write('dvc.yaml', 'stages:\n  t: {cmd: t, params: [lr], metrics: [m.json, n.json]}\n');
    repo.write('params.yaml', 'lr: 0.1\n');
    const baseline = repo.commit('baseline');
    repo.write('params.yaml', 'lr: 0.2\n');
    repo.write('m.json', '{"mae": 1, "in": {"r2": NaN}, "word": "x"}');
    repo.write('n.json', '{"mae": 2}');
    repo.write('dvclive/plots/metrics/val/loss.tsv', 'step\tval/loss\n0\t3\n1\tnan\n2\t\n');
    const finished = repo.commit('exp');
    const ref = `refs/exps/${baseline.slice(0, 2)}/${baseline.slice(2)}/good`;
    repo.git('update-ref', ref, finished);
    repo.git('reset', '--quiet', '--hard', baseline);
    for (const [stash, names] of [
      ['stash', ['first', 'second']],
      ['failed', ['third']],
    ] as const)
      for (const name of names) {
        const message = `dvc-exp:${baseline}:${baseline}:${name}`;
        const commit = repo.git('commit-tree', '-p', baseline, '-m', message, `${baseline}^{tree}`);
        repo.git('update-ref', '--create-reflog', '-m', message, `refs/exps/celery/${stash}`, commit);
      }
    assert.deepEqual(await dvc.stores(repo.path, world), [repo.path]);
    const { found } = await dvc.read(repo.path, world);
    assert.deepEqual(
      found.runs
        .map(({ name, status, params, code }) => `${name} ${status} ${params.lr} ${code.commit === baseline}`)
        .sort(),
      ['first queued 0.1 true', 'good finished 0.2 true', 'second queued 0.1 true', 'third failed 0.1 true'],
    );
    const good = found.runs.find(({ name }) => name === 'good');
    assert.equal(good?.id, finished);
    assert.deepEqual(
      [good?.metrics['m.json:mae'], good?.metrics['n.json:mae'], Object.keys(good?.metrics ?? {}).length],
      [1, 2, 2],
    );
    const details = await dvc.details(repo.path, finished, world);
    assert.deepEqual(
      details?.histories['val/loss']?.map(({ step, value }) => [step, value]),
      [
        [0, 3],
        [1, Number.NaN],
      ],
    );
    assert.equal(await dvc.details(repo.path, 'none', world), undefined);
  });

  if (existsSync(corpus))
    describe('made with DVC itself', () => {
      const answer = (name: string) => readFileSync(join(corpus, 'tool-output', name), 'utf8');
      let place: Scratch;
      const harbor = () => place.at('harbor');
      before(() => {
        place = scratch();
        execFileSync('bash', [join(corpus, 'materialise.sh'), place.path], { stdio: 'ignore' });
      });
      after(() => {
        execFileSync('chmod', ['-R', 'u+w', place.path]);
        place.remove();
      });

      it('is as its commands say: nothing changed, no stage stale', async () => {
        const { outputs, stages, problems } = await statusOf(harbor(), world);
        assert.deepEqual(JSON.parse(answer('dvc-data-status.json')), {});
        assert.deepEqual(dataStatus(outputs, harbor()), { modified: [], deleted: [], added: [] });
        assert.deepEqual(
          stages.filter(({ changes }) => changes.length > 0),
          [],
        );
        assert.deepEqual(problems, []);
        const listed = answer('dvc-stage-list.txt')
          .trim()
          .split('\n')
          .map((line) => line.split(/\s/)[0]);
        assert.deepEqual(
          stages.filter(({ name }) => !name.endsWith('.dvc')).map(({ name }) => name),
          listed,
        );
      });

      it('shows its outputs and experiments as `dvc exp show`', async () => {
        const [, head] = JSON.parse(answer('dvc-exp-show.json'));
        const { outputs } = await statusOf(harbor(), world);
        const ours = outputs
          .filter(({ kind }) => kind === 'data')
          .map(({ path, md5, size, cached }) => [path.slice(harbor().length + 1), md5, size, cached]);
        const theirs = Object.entries<Record<string, unknown>>(head.data.outs).map(
          ([path, { hash, size, use_cache }]) => [path, hash, size, use_cache],
        );
        assert.deepEqual(ours.sort(), theirs.sort());
        const { found } = await dvc.read(harbor(), world);
        for (const { revs } of head.experiments) {
          const [{ rev, name, data }] = revs;
          const run = found.runs.find(({ id }) => id === rev);
          assert.equal(run?.name, name);
          assert.equal(run?.params['train.lr'], data.params['params.yaml'].data.train.lr);
          assert.equal(run?.params['net.depth'], 2);
          if (name === 'queued-seven') assert.equal(run?.status, 'queued');
          else {
            assert.equal(
              run?.metrics['train.loss'] ?? run?.metrics.loss,
              data.metrics['metrics/train.json'].data.train.loss,
            );
            assert.equal(run?.metrics['metrics/eval_north.json:mae'], data.metrics['metrics/eval_north.json'].data.mae);
            assert.equal(
              run?.datasets.find((one) => one.name === 'models/eta.json')?.version,
              data.outs['models/eta.json'].hash,
            );
          }
        }
      });

      it('after an edit is as its command says', async () => {
        execFileSync('chmod', ['-R', 'u+w', join(harbor(), 'data')]);
        place.write('harbor/data/port_calls.csv', 'edited\n');
        rmSync(join(harbor(), 'data/berths/north.csv'));
        const { outputs } = await statusOf(harbor(), world);
        const { modified, deleted } = JSON.parse(answer('dvc-data-status-after-edit.json')).uncommitted;
        assert.deepEqual(dataStatus(outputs, harbor()), { modified, deleted, added: [] });
      });
    });
});
