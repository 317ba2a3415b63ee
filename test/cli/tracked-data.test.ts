import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { repository, type Scratch } from '../world/repository';
import { plumbline } from './command';

const hash = (algorithm: 'md5' | 'sha256', content: string | Uint8Array) =>
  createHash(algorithm).update(content).digest('hex');
const table = (from: number) => `n\n${Array.from({ length: 200 }, (_, i) => from + i).join('\n')}\n`;

describe('the command line on data that Git does not hold itself', function () {
  this.timeout(30_000);
  let repo: Scratch;
  beforeEach(() => {
    repo = repository();
    repo.write('.gitignore', '/data*\n!*.dvc\n/.dvc/cache\n');
    repo.write('.dvc/config', '');
  });
  afterEach(() => repo.remove());

  /** Data in DVC's cache, and their record as `dvc add` writes it. */
  const add = (name: string, content: string | Uint8Array) => {
    const md5 = hash('md5', content);
    repo.write(`.dvc/cache/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`, content);
    repo.write(`${name}.dvc`, `outs:\n- md5: ${md5}\n  hash: md5\n  path: ${name}\n`);
  };
  /** Both versions at once: the tagged one, and that of the record in the work tree. */
  const driftOf = async (name: string, ...more: readonly string[]) => {
    const ended = await plumbline(repo.path, 'drift', '--reference', `${name}@v1`, '--current', name, ...more);
    assert.equal(ended.err, '');
    const { reference, current, dataset } = JSON.parse(ended.out);
    return { exit: ended.exit, refs: [reference, current], drifted: dataset.drifted };
  };

  for (const [name, packed] of [
    ['data.csv', table],
    ['data.csv.gz', (from: number) => gzipSync(table(from))],
  ] as const) {
    it(`compares ${name} with its version in DVC at a tag`, async () => {
      add(name, packed(0));
      repo.commit('One');
      repo.git('tag', 'v1');
      add(name, packed(500));
      assert.deepEqual(await driftOf(name, '--format', 'json'), {
        exit: 1,
        refs: [
          { ref: `${name}@v1`, rows: 200 },
          { ref: name, rows: 200 },
        ],
        drifted: true,
      });
    });
  }

  it('compares a file with what its Git LFS pointer stood for at a tag', async () => {
    const oid = hash('sha256', table(0));
    repo.write(`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`, table(0));
    const size = table(0).length;
    repo.write('lfs.csv', `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`);
    repo.commit('One');
    repo.git('tag', 'v1');
    repo.write('lfs.csv', table(0));
    assert.equal((await driftOf('lfs.csv', '--format', 'json')).exit, 0);
  });

  it('gives the version of a Git LFS pointer, not of the object it stands for', async () => {
    const oid = hash('sha256', table(0));
    repo.write(`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`, table(0));
    repo.write('n.csv', `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${table(0).length}\n`);
    const server = '{ server: here, type: local, path: n.csv, format: csv }';
    repo.write(
      'n.odcs.yaml',
      `apiVersion: v3.0.2\nkind: DataContract\nid: n\nversion: 1.0.0\nstatus: active\nservers: [${server}]\nschema: [{ name: n }]\n`,
    );
    repo.commit('One');
    const { out } = await plumbline(repo.path, 'provenance', 'n.odcs.yaml');
    assert.match(out, /data +n\.csv +unchanged/);
    assert.doesNotMatch(out, /objects/);
  });

  it('names the rows of a folder in DVC by its files, of which two may be alike', async () => {
    const keep = (content: string, suffix = '') => {
      const md5 = hash('md5', content);
      repo.write(`.dvc/cache/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}${suffix}`, content);
      return md5;
    };
    const files = { 'p.csv': 'n\n1\n-2\n', 'q.csv': 'n\n1\n-2\n', 'r.csv': 'n\n-5\n' };
    const entries = Object.entries(files).map(([relpath, content]) => ({ md5: keep(content), relpath }));
    const list = keep(JSON.stringify(entries), '.dir');
    repo.write('data.dvc', `outs:\n- md5: ${list}.dir\n  hash: md5\n  path: data\n`);
    const column = '{ name: n, logicalType: integer, logicalTypeOptions: { minimum: 0 } }';
    repo.write(
      'n.odcs.yaml',
      `apiVersion: v3.0.2\nkind: DataContract\nid: n\nversion: 1.0.0\nstatus: active\nschema: [{ name: n, properties: [${column}] }]\n`,
    );
    const { exit, out } = await plumbline(repo.path, 'check', 'n.odcs.yaml', '--data', 'data', '--format', 'json');
    assert.equal(exit, 1);
    const found = [...out.matchAll(/"row": (-?\d+),\s*"file": "[^"]*\/(\w+\.csv)"/g)].map(([, row, file]) => [
      row,
      file,
    ]);
    assert.deepEqual(found, [
      ['2', 'p.csv'],
      ['2', 'q.csv'],
      ['1', 'r.csv'],
    ]);
  });

  it('ends with 2 and one sentence that says how to bring what is not there', async () => {
    repo.write('data.csv.dvc', `outs:\n- md5: ${'0'.repeat(31)}a\n  hash: md5\n  path: data.csv\n`);
    repo.commit('One');
    repo.git('tag', 'v1');
    for (const [ref, mend] of [
      ['data.csv', 'dvc pull data.csv'],
      ['data.csv@v1', 'dvc fetch --all-commits data.csv'],
    ] as const) {
      const { exit, err } = await plumbline(repo.path, 'profile', ref);
      assert.equal(exit, 2);
      assert.match(err, new RegExp(`^[^\\n]*DVC's cache does not hold [^\\n]*\\. Run: ${mend}\\n$`));
    }
  });
});
