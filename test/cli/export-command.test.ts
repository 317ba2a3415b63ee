import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Scratch, scratch } from '../world/repository';
import { plumbline } from './command';

describe('the command line writes provenance for other systems', function () {
  this.timeout(60_000);
  let place: Scratch;
  let home: string;

  before(async () => {
    const script = resolve('test/fixtures/provenance/orchard/lay-out.mjs');
    const { layOutOrchard } = await import(pathToFileURL(script).href);
    place = scratch();
    home = layOutOrchard(place.path);
  });
  after(() => place.remove());

  it('the events of one run, by the beginning of its id', async () => {
    const { exit, out, err } = await plumbline(home, 'provenance', '4343380d', '--format', 'openlineage');
    assert.deepEqual([exit, err], [0, '']);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map(({ eventType }) => eventType),
      ['START', 'COMPLETE'],
    );
    assert.equal(events[0].run.facets.plumbline_run.id, '4343380df69d41768acc415230c5e00b');
  });

  for (const [format, file, key] of [
    ['prov', 'prov.json', 'activity'],
    ['ro-crate', 'ro-crate-metadata.json', '@graph'],
  ] as const)
    it(`${format} into a file, with nothing of this machine`, async () => {
      const { exit, out } = await plumbline(home, 'provenance', '--format', format, '--output', `../${file}`);
      assert.deepEqual([exit, out], [0, '']);
      const written = readFileSync(place.at(file), 'utf8');
      assert.ok(key in JSON.parse(written));
      assert.ok(!written.includes(place.path));
    });

  it('from another folder just the same', async () => {
    const here = await plumbline(home, 'provenance', '--format', 'prov');
    const there = await plumbline(place.path, 'provenance', 'orchard', '--format', 'prov');
    assert.equal(there.out, here.out);
  });

  it('a sentence where there is nothing for OpenLineage to tell', async () => {
    const { exit, out, err } = await plumbline(place.at('orchard/src'), 'provenance', '--format', 'openlineage');
    assert.deepEqual([exit, out], [2, '']);
    assert.match(
      err,
      /^No run here has a time, and OpenLineage tells of runs only\. The format prov tells of data and code too\.\n$/,
    );
  });

  it('no other report', async () => {
    const { exit, err } = await plumbline(home, 'profile', 'data/harvest.csv', '--format', 'ro-crate');
    assert.equal(exit, 2);
    assert.match(err, /^plumbline profile does not write "ro-crate"; its --format takes text, json or sagemaker\.\n$/);
  });
});
