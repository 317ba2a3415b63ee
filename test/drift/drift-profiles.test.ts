import assert from 'node:assert/strict';
import { members } from '../../server/src/drift/profiles';

describe('a profile', () => {
  it('can be asked for by the id that its reports tell, and no other has its names', () => {
    for (const { id, names } of members) assert.ok(names.includes(id), `${id} is among ${names.join(', ')}`);
    const all = members.flatMap(({ names }) => names);
    assert.equal(new Set(all).size, all.length);
  });
});
