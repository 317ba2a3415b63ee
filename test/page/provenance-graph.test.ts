import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import './in-english';
import { placed } from '../../client/page/provenance/graph/layout';
import { type Extent, MORE, type Picture, pictureOf, STEP } from '../../client/page/provenance/graph/model';
import { moved } from '../../client/page/provenance/graph/moves';
import { fitted, showing, zoomed } from '../../client/page/provenance/graph/view';
import { sentenceOf } from '../../client/page/provenance/graph/words';
import { bytes, mendOf } from '../../client/page/provenance/timeline/words';
import type { ProvenanceReport, RunReport } from '../../server/src/protocol';

const report: ProvenanceReport = JSON.parse(readFileSync('test/page/fixtures/orchard-provenance.json', 'utf8'));
const closed: Extent = { most: STEP, open: new Map() };
const titles = ({ nodes }: Picture, kind: string) =>
  nodes.filter((node) => node.kind === kind).map(({ title }) => title);
const nodeCalled = (picture: Picture, title: string) => {
  const found = picture.nodes.find((node) => node.title === title);
  assert.ok(found, `no ${title} among ${picture.nodes.map((node) => node.title).join(', ')}`);
  return found;
};
/** Whether an edge goes from one title to the other. */
const leads = (picture: Picture, from: string, to: string) => {
  const [a, b] = [nodeCalled(picture, from).id, nodeCalled(picture, to).id];
  return picture.edges.some((edge) => edge.from === a && edge.to === b);
};
const [template] = report.runs;

/** So many runs, the newest first: `experiments` in turn, each with commits of its own. */
function withRuns(count: number, experiments: number, more: (index: number) => Partial<RunReport> = () => ({})) {
  assert.ok(template);
  const runs = Array.from({ length: count }, (_, index) => ({
    ...template,
    id: `run-${index}`,
    name: `run ${index}`,
    status: 'finished' as const,
    dirty: null,
    environment: null,
    experiment: `experiment ${index % experiments}`,
    ...more(index),
  }));
  return { ...report, runs };
}

describe('the graph of provenance', () => {
  it('leads from data, code and environment to runs, and from runs to models and to what they wrote', () => {
    const few = { ...report, runs: report.runs.filter(({ tracker }) => tracker !== 'mlflow') };
    const picture = pictureOf(few, closed);
    assert.deepEqual(titles(picture, 'run'), ['dirty-run', 'clean-run', 'flatter', 'steeper']);
    for (const [from, to] of [
      ['harvest.csv', 'flatter'],
      ['4bad57b', 'flatter'],
      ['flatter', 'grown.csv'],
      ['requirements.txt', 'dirty-run'],
    ] as const)
      assert.ok(leads(picture, from, to), `${from} → ${to}`);
    assert.equal(nodeCalled(picture, 'dirty-run').mark?.words, 'dirty');
    assert.equal(nodeCalled(picture, 'harvest.csv').mark?.words, 'changed');
    assert.match(nodeCalled(picture, '4bad57b').about, /^HEAD · main/);
  });

  it('makes runs of one experiment and commit one node as soon as there are many, and shows them when asked', () => {
    const picture = pictureOf(report, closed);
    const group = nodeCalled(picture, 'yield');
    assert.equal(group.about, '5 runs · mlflow');
    assert.equal(group.mark?.words, '1 failed');
    const opened = pictureOf(report, { ...closed, open: new Map([[group.group ?? '', STEP]]) });
    assert.ok(titles(opened, 'run').includes('ridge-10'));
    assert.equal(opened.nodes.filter(({ id }) => id === group.id).length, 0);
  });

  it('stays a picture with ten thousand runs, and says how many it leaves out', () => {
    const many = withRuns(10_000, 50);
    const begun = performance.now();
    const picture = pictureOf(many, closed);
    const layout = placed(picture);
    assert.ok(performance.now() - begun < 1500, `${performance.now() - begun} ms`);
    assert.ok(picture.nodes.length < 40, `${picture.nodes.length} nodes`);
    const more = picture.nodes.find(({ id }) => id === MORE);
    assert.deepEqual([more?.title, more?.about], ['+ 7,600 more', 'in 38 older groups']);
    assert.equal(nodeCalled(picture, 'experiment 0').about, '200 runs · wandb');
    assert.equal(layout.places.size, picture.nodes.length);
    const next = pictureOf(many, { ...closed, most: 2 * STEP });
    assert.equal(next.nodes.find(({ id }) => id === MORE)?.title, '+ 5,200 more');
    const open = pictureOf(many, {
      ...closed,
      open: new Map([[nodeCalled(picture, 'experiment 0').group ?? '', STEP]]),
    });
    assert.ok(titles(open, 'run').includes('+ 188 more'));
  });

  it('draws a few of what one node hangs together with, and the rest as one', () => {
    const dataset = template?.datasets[0];
    assert.ok(dataset);
    const datasets = Array.from({ length: 300 }, (_, i) => ({
      ...dataset,
      name: `part-${i}`,
      path: null,
      version: `${i}`,
    }));
    const picture = pictureOf(
      withRuns(1, 1, () => ({ datasets, commit: 'f'.repeat(40), commitExists: false })),
      closed,
    );
    assert.equal(titles(picture, 'data').filter((title) => title.startsWith('part-')).length, 8);
    assert.ok(titles(picture, 'data').includes('+ 292 more'));
    assert.equal(nodeCalled(picture, 'fffffff').mark?.words, 'missing');
    assert.equal(nodeCalled(picture, 'part-0').mark?.words, 'not here');
  });

  it('shows models of the runs that are drawn, and those whose run is gone', () => {
    const picture = pictureOf(report, closed);
    assert.ok(titles(picture, 'model').length > 0);
    const [model] = report.models;
    assert.ok(model);
    const lost = { ...report, models: [{ ...model, name: 'lost', version: '9', run: 'nowhere', runExists: false }] };
    assert.equal(nodeCalled(pictureOf(lost, closed), 'lost 9').mark?.words, 'run missing');
  });

  it('of an empty report has nothing', () => {
    const code = { ...report.code, commit: null };
    const environment = { ...report.environment, lockFiles: [], images: [] };
    const empty = { ...report, code, datasets: [], runs: [], models: [], environment };
    assert.deepEqual(pictureOf(empty, closed), { nodes: [], edges: [] });
  });

  it('lies in columns, what something stands on left of it, no two nodes on each other', () => {
    const picture = pictureOf(report, closed);
    const { places, lines, width, height } = placed(picture);
    for (const { from, to } of picture.edges) {
      const [a, b] = [places.get(from), places.get(to)];
      assert.ok(a && b && a.x < b.x, `${from} → ${to}`);
    }
    const all = [...places.values()];
    for (const [index, { x, y }] of all.entries())
      for (const other of all.slice(index + 1))
        assert.ok(Math.abs(other.x - x) >= 196 || Math.abs(other.y - y) >= 46, 'nodes overlap');
    assert.ok(all.every(({ x, y }) => x > 0 && y > 0 && x < width && y < height));
    assert.ok(lines.every((line) => line.length > 1));
  });

  it('has the newest of runs that stand on the same above the others', () => {
    const { places } = placed(pictureOf(withRuns(8, 1), closed));
    const heights = [...places].flatMap(([id, { y }]) => (id.startsWith('run:') ? [y] : []));
    assert.deepEqual(
      heights,
      heights.toSorted((a, b) => a - b),
    );
  });

  it('is walked along its lines and up and down its columns', () => {
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 0, y: 50 }],
      ['c', { x: 0, y: 90 }],
      ['run', { x: 100, y: 60 }],
    ]);
    const edges = ['a', 'b', 'c'].map((from) => ({ from, to: 'run', runs: 1 }));
    const go = (key: string, from: string) => moved(key, from, { places, edges });
    assert.deepEqual(
      [go('ArrowRight', 'a'), go('ArrowLeft', 'run'), go('ArrowDown', 'a'), go('ArrowUp', 'c'), go('ArrowUp', 'a')],
      ['run', 'b', 'b', 'b', undefined],
    );
    assert.equal(go('Enter', 'a'), undefined);
  });

  it('says all of a node in words', () => {
    const picture = pictureOf({ ...report, runs: report.runs.filter(({ name }) => name === 'flatter') }, closed);
    const words = sentenceOf(nodeCalled(picture, 'harvest.csv'), picture);
    assert.match(words, /^Dataset harvest\.csv dvc · \w{8}; changed; leads to flatter$/);
  });

  describe('on a page', () => {
    const place = { width: 400, height: 300 };

    it('fits, and is never larger than it is', () => {
      assert.deepEqual(fitted({ width: 800, height: 300 }, place), { scale: 0.5, x: 0, y: 75 });
      assert.deepEqual(fitted({ width: 200, height: 100 }, place), { scale: 1, x: 100, y: 100 });
    });

    it('is zoomed around what is under the pointer', () => {
      const view = zoomed({ x: 10, y: 20, scale: 1 }, 2, { x: 110, y: 120 });
      assert.deepEqual(view, { scale: 2, x: -90, y: -80 });
      assert.equal(zoomed(view, 1000, { x: 0, y: 0 }).scale, 2.5);
    });

    it('moves only as far as it takes to see what has the focus', () => {
      const view = { x: 0, y: 0, scale: 1 };
      const box = { width: 100, height: 40 };
      assert.deepEqual(showing(view, { x: 200, y: 100 }, box, place), view);
      assert.deepEqual(showing(view, { x: 500, y: 100 }, box, place), { x: -166, y: 0, scale: 1 });
      assert.deepEqual(showing(view, { x: 20, y: 0 }, box, place), { x: 46, y: 36, scale: 1 });
    });
  });
});

describe('words of the timeline', () => {
  it('tell sizes with three digits, and the command that brings what is missing', () => {
    assert.deepEqual(
      [0, 999, 3686, 1_234_567, 5e15].map((size) => bytes(size).replace('\u00a0', ' ')),
      ['0 B', '999 B', '3.69 kB', '1.23 MB', '5,000 TB'],
    );
    assert.equal(
      mendOf('DVC\'s cache does not hold data/a.csv at "x". Run: dvc fetch --all-commits data/a.csv'),
      'dvc fetch --all-commits data/a.csv',
    );
    assert.equal(mendOf('The file is empty.'), undefined);
  });
});
