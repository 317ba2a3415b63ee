import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { createNodeWorld } from '../../server/src/node-world';
import type { Finding } from '../../server/src/protocol';
import { cloneChangesOf, lakefsClones } from '../../server/src/stores/lakefs/clones';
import { lakefsStateOf } from '../../server/src/stores/lakefs/state';
import type { World } from '../../server/src/world';
import { type Scratch, scratch } from '../world/repository';
import { KEY, SECRET, type StandIn, standIn } from './lakefs-stand-in';

const HEAD = '6a0e3ae67caa7a5546c0af643cdd5d62b3b0da1b7f4548b59a661c93a92188d4';
const cloned = readFileSync('test/fixtures/provenance/lakefs/lakefs_ref.after-clone.yaml', 'utf8');
const checkedOut = readFileSync('test/fixtures/provenance/lakefs/lakefs_ref.after-checkout.yaml', 'utf8');

describe('what lakeFS says of versions', () => {
  let lake: StandIn;
  let work: Scratch;
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  beforeEach(async () => {
    lake = await standIn();
    work = scratch();
  });
  afterEach(async () => {
    await lake.close();
    work.remove();
  });
  const worldOf = (endpoint: string | undefined = lake.endpoint): World => {
    const set: Readonly<Record<string, string | undefined>> = {
      LAKECTL_SERVER_ENDPOINT_URL: endpoint || undefined,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: KEY,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: SECRET,
    };
    const node = createNodeWorld({ trusted: true, storage: work.at('.s'), temporary: work.at('.t'), log: quiet });
    return { ...node, variable: (name) => set[name], places: { ...node.places, home: work.at('.h') } };
  };
  const codes = (problems: readonly Finding[]) => problems.map(({ code }) => code);
  const told = (problems: readonly Finding[]) => problems.map(({ message }) => message).join('\n');

  describe('an address', () => {
    const stateOf = (address: string, world = worldOf()) => lakefsStateOf(address, world, { place: '/w/m.yaml' });

    it('of a tag or commit is pinned, with the checksum of its object', async () => {
      for (const ref of ['v1.0', '506aa7cb']) {
        const { found, problems } = await stateOf(`lakefs://harbor-lake/${ref}/port_calls.csv`);
        assert.deepEqual([found.checksum, found.algorithm], ['377d00730b89059cc3f85e1263a8a08b', 'md5']);
        assert.deepEqual([found.sizeBytes, found.status, found.branch], [19, 'unchanged', undefined]);
        assert.deepEqual(
          [found.commit?.message, found.commit?.metadata],
          ['january load', { rows: '2', source: 'ais' }],
        );
        assert.deepEqual(problems, []);
      }
    });

    it('of a branch moves, and names what would not', async () => {
      const { found, problems } = await stateOf('lakefs://harbor-lake/main~0/port_calls.csv');
      assert.deepEqual(
        [found.branch, found.status, codes(problems)],
        ['main', 'unchanged', ['lakefs/moving-reference']],
      );
      assert.match(
        told(problems),
        new RegExp(`which moves; name the commit: lakefs://harbor-lake/${HEAD}/port_calls.csv$`),
      );
      assert.equal(problems[0]?.location?.path, '/w/m.yaml');
    });

    it('of a branch that holds other data than its commit is modified', async () => {
      const { found, problems } = await stateOf('lakefs://harbor-lake/exp-1/port_calls.csv');
      assert.deepEqual([found.status, found.commit?.id, found.sizeBytes], ['modified', HEAD, 25]);
      assert.deepEqual(codes(problems), ['lakefs/moving-reference', 'lakefs/uncommitted-change']);
      const folder = await stateOf('lakefs://harbor-lake/v1.0/berths/');
      assert.deepEqual(
        [folder.found.status, folder.found.sizeBytes, folder.found.checksum],
        ['unchanged', 28, undefined],
      );
    });

    it('that is wrong, or cannot be asked, is one finding', async () => {
      const cases: readonly (readonly [string, string, string, World?])[] = [
        ['lakefs://harbor-lake/nope/a.csv', 'lakefs/ref-missing', 'missing'],
        ['lakefs://no-such-repo/main/a.csv', 'lakefs/ref-missing', 'missing'],
        ['lakefs://harbor-lake/v1.0/nope.csv', 'lakefs/object-missing', 'missing'],
        ['lakefs://harbor-lake', 'lakefs/unreadable', 'unknown'],
        ['lakefs://harbor-lake/v1.0/a.csv', 'lakefs/not-configured', 'unknown', worldOf('')],
        ['lakefs://harbor-lake/v1.0/a.csv', 'lakefs/not-answering', 'unknown', worldOf('http://127.0.0.1:1')],
      ];
      for (const [address, code, status, world] of cases) {
        const { found, problems } = await stateOf(address, world);
        assert.deepEqual([found.status, codes(problems)], [status, [code]], address);
      }
      lake.instead.set('/api', (response) => response.writeHead(403).end('{}'));
      assert.deepEqual(codes((await stateOf('lakefs://harbor-lake/v1.0/a.csv')).problems), ['lakefs/refused']);
    });
  });

  describe('a clone', () => {
    const clone = async () => {
      work.write('berths/.lakefs_ref.yaml', checkedOut);
      work.write('berths/north.csv', 'id,len\nN1,200\n');
      work.write('berths/deep/sør 1.csv', 'id,len\nS1,320\n');
      const { found } = await lakefsClones(work.path, worldOf());
      assert.ok(found[0]);
      return found[0];
    };

    it('is found by its record, without a question to the server', async () => {
      work.write('a/.lakefs_ref.yaml', cloned);
      work.write('b/c/.lakefs_ref.yaml', checkedOut);
      const { found, problems } = await lakefsClones(work.path, worldOf());
      assert.deepEqual(
        found.map(({ folder, source, commit, location }) => [
          folder,
          source.ref,
          commit.slice(0, 8),
          location.range.start.line,
        ]),
        [
          [work.at('a'), 'main', '6a0e3ae6', 1],
          [work.at('b/c'), 'v1.0', '506aa7cb', 1],
        ],
      );
      assert.deepEqual([problems, lake.asked], [[], []]);
    });

    it('whose operation did not end, or whose record is broken, says so at its place', async () => {
      work.write('a/.lakefs_ref.yaml', cloned.replace('""', 'pull'));
      work.write('b/.lakefs_ref.yaml', 'src: lakefs://harbor-lake/main/\nat_head: 6a0e');
      work.write('c/.lakefs_ref.yaml', cloned.replace('lakefs://', 's3://'));
      work.write('d/.lakefs_ref.yaml', ': [\u0001');
      const { found, problems } = await lakefsClones(work.path, worldOf());
      assert.equal(found.length, 1);
      assert.deepEqual(
        problems.map(({ code, location }) => [code, location?.path, location?.range.start.line]),
        [
          ['lakefs/interrupted-operation', work.at('a/.lakefs_ref.yaml'), 2],
          ['lakefs/unreadable', work.at('b/.lakefs_ref.yaml'), 0],
          ['lakefs/unreadable', work.at('c/.lakefs_ref.yaml'), 0],
          ['lakefs/unreadable', work.at('d/.lakefs_ref.yaml'), 0],
        ],
      );
      assert.match(told(problems), /operation "pull" on this clone did not end.*lakectl local checkout/);
    });

    it('is as its commit when every file has its md5, as `lakectl local status` says', async () => {
      const { found, problems } = await cloneChangesOf(await clone(), worldOf());
      assert.deepEqual(found, { changed: [], missing: [], added: [], unknown: [] });
      assert.deepEqual(problems, []);
    });

    it('differs by content of equal size, by size, by what lacks and what is more', async () => {
      const made = await clone();
      work.write('berths/north.csv', 'id,len\nN1,201\n');
      work.write('berths/new.csv', 'n\n');
      const { found, problems } = await cloneChangesOf(made, worldOf());
      assert.deepEqual(found, {
        changed: [work.at('berths/north.csv')],
        missing: [],
        added: [work.at('berths/new.csv')],
        unknown: [],
      });
      assert.deepEqual(codes(problems), ['lakefs/clone-changed']);
      assert.match(
        told(problems),
        /differs from its commit 506aa7cb: 1 changed \(first: north\.csv\), 1 added \(first: new\.csv\)/,
      );
    });

    it('reads nothing outside of its folder, and is unknown where nobody answers', async () => {
      const made = await clone();
      work.write('secret.csv', 'id,len\nN1,200\n');
      const { remove } = worldOf();
      await remove(work.at('berths/north.csv'));
      symlinkSync(work.at('secret.csv'), work.at('berths/north.csv'));
      assert.deepEqual((await cloneChangesOf(made, worldOf())).found?.unknown, [work.at('berths/north.csv')]);
      const { found, problems } = await cloneChangesOf(made, worldOf('http://127.0.0.1:1'));
      assert.deepEqual([found, codes(problems)], [undefined, ['lakefs/not-answering']]);
    });
  });
});
