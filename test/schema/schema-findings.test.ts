import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { schemaFor } from '../../server/src/schema/catalog';
import { schemaCodes } from '../../server/src/schema/codes';
import { fixesFor } from '../../server/src/schema/fixes';
import { validate } from '../../server/src/schema/validate';
import { get, type MapNode, type Node, plain, type Tree, wordOf } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';
import { applied, drawn } from '../editor-text';
import { assertGolden } from '../golden';

const fixtures = 'test/fixtures/schema';
const cases = readdirSync(fixtures).filter((name) => /\.(ya?ml|json)$/.test(name));

const schemaOfCase = (name: string, tree: Tree): string => {
  const dialect = ['experiment', 'frictionless', 'pandera'].find((word) => name.includes(`.${word}.`)) ?? 'odcs';
  return schemaFor(dialect, wordOf(get(tree.root, 'apiVersion'))) ?? 'odcs-3.1.0';
};

describe('schema findings', function () {
  this.timeout(20_000);

  for (const name of cases) {
    const text = readFileSync(`${fixtures}/${name}`, 'utf8');

    it(`${name}: one a mistake, in the author's terms`, () => {
      const tree = parseYaml(text);
      const findings = validate(tree, schemaOfCase(name, tree));
      const shown = findings.map((finding) => ({ ...finding, fix: fixesFor(tree, finding)[0] }));
      assertGolden(`${fixtures}/${name}.golden`, drawn(name, text, shown));
    });

    it(`${name}: every fix mends its finding`, () => {
      const tree = parseYaml(text);
      const id = schemaOfCase(name, tree);
      for (const finding of validate(tree, id)) {
        for (const { title, edits } of fixesFor(tree, finding)) {
          const mended = parseYaml(applied(text, edits));
          assert.deepEqual(mended.issues, tree.issues, `"${title}" breaks the text`);
          const left = validate(mended, schemaOfCase(name, mended));
          const same = left.find(({ path, message }) => message === finding.message && `${path}` === `${finding.path}`);
          assert.equal(same, undefined, `"${title}" leaves: ${finding.message}`);
        }
      }
    });
  }

  it('say nothing of a contract without a fault', () => {
    const tree = parseYaml(readFileSync('test/fixtures/rules/clean.odcs.yaml', 'utf8'));
    assert.deepEqual(validate(tree, schemaOfCase('clean.odcs.yaml', tree)), []);
  });

  it('keep every place inside the text, and never throw, whatever is cut out', () => {
    for (const name of cases) {
      const text = readFileSync(`${fixtures}/${name}`, 'utf8');
      for (let cut = 0; cut < text.length; cut += 29) {
        const broken = text.slice(0, cut) + text.slice(cut + 13);
        const tree = parseYaml(broken);
        for (const finding of validate(tree, schemaOfCase(name, tree))) {
          const { span } = finding;
          assert.ok(0 <= span.start && span.start <= span.end && span.end <= broken.length, `${name} cut at ${cut}`);
          fixesFor(tree, finding);
        }
      }
    }
  });

  it('end when a tree holds itself', () => {
    const span = { start: 0, end: 0 };
    const root: {
      kind: 'map';
      span: typeof span;
      entries: { key: { kind: 'scalar'; span: typeof span; value: string }; value: Node }[];
    } = { kind: 'map', span, entries: [] };
    root.entries.push({ key: { kind: 'scalar', span, value: 'schema' }, value: root as MapNode });
    assert.ok(validate({ text: '', root, issues: [] }, 'odcs-3.1.0').length > 0);
  });

  it('take a whole number of any length for a number', () => {
    const tree = parseYaml('primaryKeyPosition: 123456789012345678901234567890');
    const big: Tree = {
      ...tree,
      root: {
        kind: 'map',
        span: { start: 0, end: 1 },
        entries: [
          {
            key: { kind: 'scalar', span: { start: 0, end: 1 }, value: 'price' },
            value: {
              kind: 'map',
              span: { start: 0, end: 1 },
              entries: [
                {
                  key: { kind: 'scalar', span: { start: 0, end: 1 }, value: 'priceAmount' },
                  value: { kind: 'scalar', span: { start: 0, end: 1 }, value: 10n ** 20n },
                },
              ],
            },
          },
        ],
      },
    };
    assert.equal(plain(get(get(big.root, 'price'), 'priceAmount')), 10n ** 20n);
    assert.deepEqual(
      validate(big, 'odcs-3.1.0').map(({ code }) => code),
      ['schema/missing-key'],
    );
  });

  it('have nothing to say of an empty file', () => {
    assert.deepEqual(validate(parseYaml(''), 'odcs-3.1.0'), []);
  });

  it('have codes with a sentence each', () => {
    for (const [code, sentence] of Object.entries(schemaCodes)) assert.match(sentence, /^[A-Z].*\.$/, code);
  });
});
