import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { ProvenanceReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const corpus = '../shared/corpus/provenance';

interface ExpectedRun {
  readonly id: string;
  readonly tracker: string;
  readonly commit?: string;
  readonly commitExists?: boolean;
  readonly dirty?: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly summary?: Readonly<Record<string, number>>;
  readonly datasets?: readonly { readonly name: string; readonly version?: string }[];
}

interface Expected {
  readonly head: string;
  readonly datasets: readonly {
    readonly path: string;
    readonly tracker: string;
    readonly version: string;
    readonly status: string;
  }[];
  readonly runs: readonly ExpectedRun[];
  readonly findings: readonly { readonly codeHint: string; readonly say: readonly string[] }[];
}

if (existsSync(corpus)) {
  describe('provenance of the harbor project', function () {
    this.timeout(60_000);
    const expected: Expected = JSON.parse(readFileSync(`${corpus}/expected.json`, 'utf8'));
    let folder: Scratch;
    let report: ProvenanceReport;

    before(async () => {
      folder = scratch();
      execFileSync('bash', [`${corpus}/fixtures/harbor/materialise.sh`, folder.path], { stdio: 'ignore' });
      // With git-lfs on the machine the file has its content; what is expected was taken with the pointer.
      rmSync(folder.at('harbor/data/lookup/ports.csv'));
      execFileSync('git', ['checkout', '-q', '--', 'data/lookup/ports.csv'], {
        cwd: folder.at('harbor'),
        env: { ...process.env, GIT_LFS_SKIP_SMUDGE: '1' },
      });
      report = await provenanceOf(listeningWorld(), folder.at('harbor'));
    });
    after(() => folder.remove());

    it('has each dataset with its tracker, version and status', () => {
      for (const { path, tracker, version, status } of expected.datasets) {
        const found = report.datasets.find((dataset) => dataset.path === path && dataset.tracker === tracker);
        assert.deepEqual([path, found?.status, found?.version], [path, status, version]);
      }
    });

    it('has each run with its code, parameters, metrics and data', () => {
      for (const want of expected.runs) {
        const found = report.runs.find(({ id }) => id === want.id);
        assert.ok(found, `run ${want.id}`);
        if (want.commit !== undefined)
          assert.deepEqual([found.commit, found.commitExists], [want.commit, want.commitExists]);
        if (want.dirty !== undefined) assert.equal(found.dirty, want.dirty);
        for (const [name, value] of Object.entries(want.params ?? {}))
          assert.equal(String(found.params[name]), String(value), `${want.id} ${name}`);
        for (const [name, value] of Object.entries(want.metrics ?? want.summary ?? {}))
          assert.equal(found.metrics[name], value, `${want.id} ${name}`);
        for (const { name, version } of want.datasets ?? [])
          assert.ok(
            found.datasets.some((dataset) => dataset.name.includes(name) && (!version || dataset.version === version)),
            `${want.id} ${name}`,
          );
      }
    });

    it('tells every finding once', () => {
      for (const { codeHint, say } of expected.findings) {
        const isTold = report.findings.some((finding) => {
          const text = JSON.stringify(finding).toLowerCase();
          return say.every((word) => word.split('|').some((one) => text.includes(one.toLowerCase())));
        });
        assert.ok(isTold, codeHint);
      }
      // As many as there are causes: nothing is told twice, and nothing else.
      assert.equal(report.findings.length, expected.findings.length);
    });
  });
}
