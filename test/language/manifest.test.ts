import assert from 'node:assert/strict';
import { isManifest, readManifest } from '../../server/src/manifest/model';
import { parseYaml } from '../../server/src/text/yaml';

const read = (text: string) => readManifest(parseYaml(text));

describe('manifest/model', () => {
  it('is known by its name or by its first keys', () => {
    assert.ok(isManifest('a.experiment.yml', parseYaml('')));
    assert.ok(isManifest('a.yaml', parseYaml('apiVersion: plumbline.dev/v1\nkind: Experiment')));
    assert.ok(!isManifest('a.yaml', parseYaml('apiVersion: v1\nkind: Pod')));
  });

  it('keeps a commit as it is spelt', () => {
    assert.equal(read('code: {commit: 0012345}').commit?.text, '0012345');
    assert.equal(read('code: {commit: 3f2c1e9}').commit?.text, '3f2c1e9');
    assert.equal(read('code: {commit: 12345678901234567890}').commit?.text, '12345678901234567890');
  });

  it('leaves out what is of the wrong type, and reads the rest', () => {
    const { name, commit, data } = read(
      'name: [a]\ncode: 1\ndata: [{name: x, ref: [a], contract: c.odcs.yaml}, 3, null]',
    );
    assert.deepEqual([name, commit, data.length], [undefined, undefined, 3]);
    assert.deepEqual([data[0]?.name, data[0]?.ref, data[0]?.contract?.text], ['x', undefined, 'c.odcs.yaml']);
    for (const text of ['', '1', '[]', 'data: x', 'code: null']) assert.deepEqual(read(text).data, []);
  });
});
