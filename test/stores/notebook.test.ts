import assert from 'node:assert/strict';
import { type NotebookCell, notebookIn, placeIn, readNotebook } from '../../server/src/stores/notebook';
import { sequence } from '../random';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const code = (source: string | readonly string[], ...outputs: object[]) => ({ cell_type: 'code', source, outputs });
const notebook = (...cells: object[]) =>
  JSON.stringify(
    {
      cells,
      metadata: {
        kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
        language_info: { name: 'python', version: '3.11.7' },
      },
      nbformat: 4,
      nbformat_minor: 5,
    },
    undefined,
    1,
  );
const read = (text: string) => notebookIn('/n.ipynb', text);
const librariesOf = (...cells: object[]) =>
  read(notebook(...cells)).found.libraries.map(({ name, version, from }) => [name, version, from]);

describe('a notebook', () => {
  it('says its kernel, its language and the version of that', () => {
    const { found, problems } = read(notebook());
    const { kernel, language, version } = found;
    assert.deepEqual([kernel, language, version, problems], ['python3', 'python', '3.11.7', []]);
    assert.equal(read('{"cells": [], "metadata": {}}').found.kernel, undefined);
  });

  it('gives its cells with the place of every part in the file', () => {
    const lines = ['df = read("data/ü.csv")\n', 'q = \'a\\tb\' + "lakefs://lake/main/x"\n', 'end'];
    const text = notebook({ cell_type: 'markdown', source: '# Title' }, code(lines));
    const { cells } = read(text).found;
    assert.deepEqual(
      cells.map(({ kind, source }) => [kind, source]),
      [
        ['markdown', '# Title'],
        ['code', lines.join('')],
      ],
    );
    const [, cell] = cells as [NotebookCell, NotebookCell];
    for (const word of ['data/ü.csv', 'lakefs://lake/main/x', 'end']) {
      const start = cell.source.indexOf(word);
      const range = placeIn(cell, { start, end: start + word.length });
      assert.ok(range, word);
      const line = text.split('\n')[range.start.line] ?? '';
      assert.equal(line.slice(range.start.character, range.end.character), word);
    }
    assert.equal(placeIn(cell, { start: 0, end: cell.source.length }), undefined);
  });

  it('knows no place in a string whose escapes are not the shortest', () => {
    const { cells } = read(String.raw`{"cells": [{"cell_type": "code", "source": "\u0061 = 1"}]}`).found;
    assert.equal(cells[0]?.source, 'a = 1');
    assert.equal(placeIn(cells[0] as NotebookCell, { start: 0, end: 1 }), undefined);
  });

  it('names the libraries that its cells install', () => {
    assert.deepEqual(
      librariesOf(
        code(['%pip install -q pandas==2.2.1 "numpy>=1.20" -r requirements.txt scipy # all\n', 'import pandas']),
        code('!conda install -y -n base pyarrow=15.0\n!python -m pip install wandb[media]==0.21.4'),
        { cell_type: 'markdown', source: '%pip install nothing==1' },
      ),
      [
        ['pandas', '2.2.1', 'install'],
        ['numpy', undefined, 'install'],
        ['scipy', undefined, 'install'],
        ['pyarrow', '15.0', 'install'],
        ['wandb', '0.21.4', 'install'],
      ],
    );
  });

  it('names those that its outputs list, and takes nothing else for one', () => {
    const freeze = { output_type: 'stream', text: ['numpy==2.0.0\n', 'a == b\n', 'x==y\n'] };
    const pip = { output_type: 'stream', text: 'Successfully installed scikit-learn-1.5.0 six-1.16.0\n' };
    const result = { output_type: 'execute_result', data: { 'text/plain': ["'2.2.1'"] } };
    assert.deepEqual(librariesOf(code('!pip freeze', freeze, pip, result)), [
      ['numpy', '2.0.0', 'output'],
      ['scikit-learn', '1.5.0', 'output'],
      ['six', '1.16.0', 'output'],
    ]);
  });

  it('of format 3 has its cells in worksheets', () => {
    const { cells } = read('{"worksheets": [{"cells": [{"cell_type": "code", "input": ["a\\n", "b"]}]}]}').found;
    assert.deepEqual(
      cells.map(({ source }) => source),
      ['a\nb'],
    );
  });

  it('that is broken is one problem, and what can be read is', () => {
    const text = notebook(code('a = 1'), code('b = 2'));
    const { found, problems } = read(text.slice(0, text.indexOf('b = 2')));
    assert.equal(found.cells[0]?.source, 'a = 1');
    assert.deepEqual(
      problems.map((problem) => problem.code),
      ['notebook/broken-json'],
    );
    for (const odd of ['', '[]', '"x"', '{"cells": 3', '<<<<<<< HEAD\n{}']) {
      assert.deepEqual(
        read(odd).problems.map((problem) => problem.code),
        ['notebook/broken-json'],
        odd,
      );
    }
    assert.deepEqual(read('{"cells": {"a": 1}, "metadata": [2]}').found.cells, []);
  });

  it('cut anywhere is at most one problem', () => {
    const random = sequence(3);
    const text = notebook(code(['%pip install a==1\n', 'b'], { text: ['c==1\n'] }), code('d'));
    for (let round = 0; round < 100; round++) {
      const { problems } = read(text.slice(0, Math.floor(random() * text.length)));
      assert.equal(problems.length, 1);
    }
  });

  describe('on disk', () => {
    let place: Scratch;
    beforeEach(() => {
      place = scratch();
    });
    afterEach(() => place.remove());

    it('is read, unless it is not there or too large', async () => {
      const world = listeningWorld();
      const path = place.write('n.ipynb', notebook(code('x')));
      assert.equal((await readNotebook(path, world)).found.cells.length, 1);
      place.write('n.ipynb', ' '.repeat(4_000_001));
      for (const file of [path, place.at('none.ipynb')]) {
        const { problems } = await readNotebook(file, world);
        assert.deepEqual(
          problems.map((problem) => [problem.code, problem.location?.path]),
          [['notebook/unreadable', file]],
        );
      }
    });
  });
});
