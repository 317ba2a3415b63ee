import assert from 'node:assert/strict';
import { KEY, recorded, SECRET, type StandIn, standIn } from './lakefs-stand-in';

/** What says nothing of the data, and what the stand-in has none of. */
const unlike = new Set(['physical_address', 'meta_range_id', 'generation', 'version']);

const plain = (body: unknown): unknown =>
  typeof body === 'string'
    ? body
    : JSON.parse(JSON.stringify(body, (key, value) => (unlike.has(key) ? undefined : value)));

describe('the stand-in for lakeFS', () => {
  let lake: StandIn;
  before(async () => {
    lake = await standIn();
  });
  after(() => lake.close());

  const reads = recorded.filter(
    ({ request: { method, path, query } }) =>
      method === 'GET' &&
      !/\/diff|\/tags|\/branches$/.test(path) &&
      !(query && 'delimiter' in query) &&
      path !== '/api/v1/repositories',
  );
  for (const { request, status, body } of reads) {
    it(`answers ${request.path} ${request.query ? JSON.stringify(request.query) : ''} as the real one did`, async () => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(request.query ?? {})) query.set(name, String(value));
      const authorization = `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString('base64')}`;
      const answer = await fetch(`${lake.endpoint}${request.path}?${query}`, { headers: { authorization } });
      const text = await answer.text();
      assert.equal(answer.status, status);
      assert.deepEqual(typeof body === 'string' ? text : plain(JSON.parse(text)), plain(body));
    });
  }

  it('was held against more than a dozen recorded answers, and knows nobody without the keys', async () => {
    assert.ok(reads.length >= 14, String(reads.length));
    assert.equal((await fetch(`${lake.endpoint}/api/v1/repositories/harbor-lake`)).status, 401);
  });
});
