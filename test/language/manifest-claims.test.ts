import assert from 'node:assert/strict';
import { judgementsOf } from '../../server/src/language/claims';
import { codeActionsIn } from '../../server/src/language/code-actions';
import { lensesOf } from '../../server/src/language/code-lens';
import { diagnosticsIn, diagnosticsOf } from '../../server/src/language/diagnostics';
import { hoverAt } from '../../server/src/language/hover';
import { type Court, ManifestClaims } from '../../server/src/language/manifest-claims';
import type { Claim, ProvenanceReport } from '../../server/src/protocol';
import { Document } from '../../server/src/workspace/document';
import { claimsIn, delayRepository, evidenceOf, runAt } from '../provenance/claims-fixture';
import type { Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const path = '/delay.experiment.yaml';

/** The manifest with one wrong parameter, metric, version of data and commit each. */
const manifest = `apiVersion: plumbline.dev/v1
kind: Experiment
name: delay-classifier
owners: [{name: Flights team, contact: flights@example.org, role: owner}]
code:
  repository: .
  commit: COMMIT
  entrypoint: python -m delay.train --fast
environment:
  lockFile: uv.lock
data:
  - name: other
    ref: data/flights.csv@v1
    version: "md5:0123456789abcdef0123456789abcdef"
  - name: train
    ref: data/flights.csv@v1
    version: 'md5:ffffffffffffffffffffffffffffffff'
    role: training
runs:
  - tracker: mlflow
    id: 8f14e45fceea167a
parameters:
  lr: 0.5
  fast: false
  seed: 7
metrics:
  - name: auc
    value: 0.9
    on: validation
`;

describe('language/manifest-claims', function () {
  this.timeout(20_000);
  let repo: Scratch;
  let text: string;
  let claims: readonly Claim[];

  before(async () => {
    const made = delayRepository();
    repo = made.repo;
    text = manifest.replace('COMMIT', made.commit.slice(0, 8));
    claims = await claimsIn(repo, text, evidenceOf(listeningWorld(), repo, runAt(made.commit)));
  });
  after(() => repo.remove());

  const open = (changed = text) => new Document(`file://${path}`, 1, changed);
  const judged = () => judgementsOf(path, text, claims);

  /** `line │ what is underlined │ code` of each fault of a claim. */
  const faults = (document: Document, judgements = judged()) =>
    diagnosticsIn(document, undefined, judgements)
      .filter(({ code }) => code.startsWith('manifest/'))
      .map(
        ({ span, code }) =>
          `${document.lines.position(span.start).line + 1} │ ${document.text.slice(span.start, span.end)} │ ${code}`,
      );

  const wrong = [
    "17 │ 'md5:ffffffffffffffffffffffffffffffff' │ manifest/data-version-false",
    '21 │ 8f14e45fceea167a │ manifest/run-data-false',
    '23 │ 0.5 │ manifest/parameter-false',
    '24 │ false │ manifest/parameter-false',
    '28 │ 0.9 │ manifest/metric-false',
  ];

  it('shows each claim that is false where it is made, and nothing that is verified', () => {
    const shown = faults(open());
    assert.deepEqual(shown, wrong);
    assert.deepEqual(faults(open(), []), []);
  });

  it('the linter of the command line says nothing of claims', () =>
    assert.deepEqual(
      diagnosticsOf(path, text).diagnostics.map(({ code }) => code),
      [],
    ));

  it('follows lines and entries of lists that move', () => {
    const lines = text.split('\n');
    const moved = [...lines.slice(0, 2), '# a remark', ...lines.slice(2)].join('\n');
    const down = (line: string) => line.replace(/^\d+/, (number) => String(Number(number) + 1));
    assert.deepEqual(faults(open(moved)), faults(open()).map(down));
    const entry = lines.slice(11, 14).join('\n');
    const first = text.replace(`${entry}\n`, '');
    assert.ok(faults(open(first)).includes(wrong[0]?.replace('17', '14') ?? ''));
  });

  it('a claim that was edited is not judged any more, and the others are', () => {
    const shown = faults(open(text.replace('lr: 0.5', 'lr: 0.6')));
    assert.ok(!shown.some((line) => line.includes('│ 0.6 │')));
    assert.ok(shown.includes(wrong[3] ?? ''));
  });

  it('says nothing in a broken text, nor where the schema already speaks', () => {
    assert.deepEqual(faults(open(`${text}\n  - [`)), []);
    const twice = text.replace('    value: 0.9', '    value: high');
    const all = diagnosticsIn(open(twice), undefined, judgementsOf(path, twice, moved(claims, 'value: high')));
    assert.ok(all.some(({ code, span }) => code.startsWith('schema/') && twice.slice(span.start, span.end) === 'high'));
    assert.ok(!all.some(({ code }) => code === 'manifest/metric-false'));
  });

  /** The claims as if the metric had been judged with another value at the same place. */
  const moved = (all: readonly Claim[], line: string): readonly Claim[] =>
    all.map((claim) => {
      if (claim.claim !== 'metrics[0].value') return claim;
      const { start } = claim.location.range;
      const end = { line: start.line, character: start.character + line.length - 'value: '.length };
      return { ...claim, location: { path, range: { start, end } } };
    });

  it('what is missing is told at the top until its section is begun', () => {
    const missing: Claim = {
      claim: 'data',
      verdict: 'missing',
      expected: null,
      found: null,
      message: 'No data are named.',
      location: { path, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
    };
    const without = 'apiVersion: plumbline.dev/v1\nkind: Experiment\nname: x\n';
    const judgements = judgementsOf(path, without, [missing]);
    assert.deepEqual(faults(open(without), judgements), ['1 │ apiVersion: plumbline.dev/v1 │ manifest/data-missing']);
    assert.deepEqual(faults(open(`${without}data: []\n`), judgements), []);
  });

  describe('fixes', () => {
    /** The text after the first fix at a piece of it. */
    function mended(piece: string, changed = text): string | undefined {
      const start = changed.indexOf(piece);
      const [action] = codeActionsIn(open(changed), { start, end: start + 1 }, ['quickfix'], judged());
      const [edit] = action?.edits ?? [];
      return edit && `${action?.title}: ${changed.slice(0, edit.span.start).split('\n').at(-1)}${edit.text}`;
    }

    it('write what the run had, as the kind of value that stands there', () => {
      assert.equal(mended('0.5\n'), 'Change to 0.05:   lr: 0.05');
      assert.equal(mended('false\n'), 'Change to true:   fast: true');
      assert.equal(mended('0.9\n'), 'Change to 0.8123:     value: 0.8123');
    });

    it('write the hash of the content in the quotes of the old one', () => {
      const hash = "'md5:0123456789abcdef0123456789abcdef'";
      assert.equal(mended("'md5:f"), `Change to ${hash}:     version: ${hash}`);
    });

    it('write the commit of the run', async () => {
      repo.write('other.txt', 'else');
      const other = repo.commit('Something else');
      const evidence = evidenceOf(listeningWorld(), repo, runAt(other));
      const judgements = judgementsOf(path, text, await claimsIn(repo, text, evidence));
      const start = text.indexOf('8f14e45f');
      const [action] = codeActionsIn(open(), { start, end: start }, ['quickfix'], judgements);
      assert.deepEqual(
        action?.edits.map(({ span, text: written }) => [text.slice(span.start, span.end), written]),
        [[claims.find(({ claim }) => claim === 'code.commit')?.expected, JSON.stringify(other)]],
      );
    });

    it('are no part of the fix of all, since which of two is right is for a person to say', () =>
      assert.deepEqual(
        codeActionsIn(open(), { start: 0, end: text.length }, ['source.fixAll.plumbline'], judged()),
        [],
      ));
  });

  it('counts verdicts above the manifest, and how many were edited since', () => {
    const title = (document: Document) =>
      lensesOf(document, { judged: judged() }).find((lens) => lens.title.startsWith('Repro'))?.title;
    const count = (verdict: string) => claims.filter((claim) => claim.verdict === verdict).length;
    assert.match(
      title(open()) ?? '',
      new RegExp(`^Reproducibility: ${count('verified')} verified, .*${count('false')} false$`),
    );
    assert.match(title(open(text.replace('lr: 0.5', 'lr: 0.6'))) ?? '', / 4 false \(1 edited since\)$/);
    assert.equal(title(open(`${text}\n  - [`)), title(open()), 'A line that is broken for a moment moves nothing.');
  });

  it('explains a verdict where the value stands, and makes no link of what others wrote', () => {
    const hover = (piece: string, judgements = judged()) =>
      hoverAt(open(), text.indexOf(piece) + 1, { judged: judgements });
    assert.match(hover('0.5\n')?.text ?? '', /^\*\*False\*\*: lr is "0.05" in run 8f14e45fceea167a, not 0.5/);
    assert.match(hover('7\nmetrics')?.text ?? '', /^\*\*Verified\*\*: seed is the same/);
    const evil = claims.map((claim) => ({ ...claim, message: '[click](command:evil) `a_b`' }));
    assert.equal(hover('0.5\n', judgementsOf(path, text, evil))?.text, '**False**: \\[click\\](command:evil) `a_b`');
  });

  describe('are judged', () => {
    const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
    const settled = () => new Promise((done) => setTimeout(done, 700));
    const court = (judge: Court['judge'], textOf: Court['textOf'] = async () => text): ManifestClaims =>
      new ManifestClaims({ judge, textOf, log });

    it('once after several changes, and not after the manifest is closed', async () => {
      let asked = 0;
      let told = 0;
      const manifests = court(async () => {
        asked += 1;
        return { claims } as ProvenanceReport;
      });
      manifests.onChange = () => {
        told += 1;
      };
      manifests.judgeAllLater();
      for (let i = 0; i < 5; i += 1) manifests.judgeLater(path);
      manifests.judgeLater('/closed.experiment.yaml');
      manifests.close('/closed.experiment.yaml');
      assert.equal(manifests.of(path), undefined);
      await settled();
      assert.deepEqual([asked, told, manifests.of(path)?.length], [1, 1, claims.length]);
      manifests.closeAll();
      assert.equal(manifests.of(path), undefined);
    });

    it('not by a text that was written meanwhile, and without harm when they cannot be', async () => {
      let version = 0;
      const racing = court(
        async () => ({ claims }) as ProvenanceReport,
        async () => `${text}# ${version++}`,
      );
      const failing = court(() => Promise.reject(new Error('The engine died.')));
      racing.judgeLater(path);
      failing.judgeLater(path);
      await settled();
      assert.deepEqual([racing.of(path), failing.of(path)], [undefined, undefined]);
    });

    it('anew when something changes while they are', async () => {
      const signals: AbortSignal[] = [];
      const manifests = court(async (_path, signal) => {
        signals.push(signal);
        await new Promise((done) => setTimeout(done, 100));
        return { claims } as ProvenanceReport;
      });
      manifests.judgeLater(path);
      await new Promise((done) => setTimeout(done, 450));
      assert.equal(signals.length, 1);
      manifests.judgeAllLater();
      await settled();
      assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true, false],
      );
      assert.ok(manifests.of(path));
    });
  });
});
