import assert from 'node:assert/strict';
import type { Dataset } from '../../server/src/data/dataset';
import { readable } from '../../server/src/data/written-text';
import type { World } from '../../server/src/world';
import { sequence } from '../random';

const letters = ['a', 'b', ',', '\n', '"x"', 'é', 'Ω', '漢', 'e\u0301', '😀', '\u{10ffff}'];

/** What is found in these bytes, given piece by piece: the notes, or the message of what was refused. */
async function foundIn(bytes: Uint8Array, longest: number, random: () => number): Promise<string> {
  const world = {
    async *stream(_path: string, { end = bytes.length }: { end?: number } = {}) {
      for (let at = 0; at < end; ) {
        const next = Math.min(end, at + 1 + Math.floor(random() * longest));
        yield bytes.subarray(at, next);
        at = next;
      }
    },
    write: async () => {},
    append: async () => {},
    places: { temporary: '/none' },
  } as unknown as World;
  const dataset = { format: 'csv', paths: ['/t.csv'], names: ['t.csv'], folders: [] } as unknown as Dataset;
  try {
    return (await readable(dataset, world)).notes?.join(' ') ?? '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('texts that come in pieces', () => {
  const textOf = (random: () => number) =>
    Array.from({ length: 5 + Math.floor(random() * 60) }, () => letters[Math.floor(random() * letters.length)]).join(
      '',
    );

  it('are UTF-8 wherever a piece ends', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = sequence(seed);
      const text = textOf(random);
      assert.equal(await foundIn(Buffer.from(`id,name\n${text}`), 1 + (seed % 9), random), '', `seed ${seed}`);
    }
  });

  it('are told with the line of the byte that is wrong', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = sequence(seed);
      const [before, after] = [`id,name\né${textOf(random)}`, textOf(random)];
      const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
      const line = before.split('\n').length;
      const found = await foundIn(bytes, 1 + (seed % 9), random);
      assert.ok(found.includes(`but for the byte 0xFF in line ${line}.`), `seed ${seed}: ${found}`);
    }
  });

  it('are not UTF-8 when the last letter is cut', async () => {
    const cut = Buffer.from('id,name\n1,é😀').subarray(0, -2);
    for (let longest = 1; longest <= 9; longest++)
      assert.match(await foundIn(cut, longest, sequence(longest)), /but for the byte 0xF0 in line 2\./);
  });

  it('have their quotes counted wherever they stand', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = sequence(seed);
      const isOpen = random() < 0.5;
      const text = `id,name\n1,"${textOf(random).replaceAll('"x"', 'x')}${isOpen ? '' : '"\n'}`;
      const found = await foundIn(Buffer.from(text), 1 + (seed % 40), random);
      assert.equal(found.startsWith('The quote in line 2 of t.csv is never closed'), isOpen, `seed ${seed}: ${found}`);
    }
  });
});
