import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { dialectOf } from '../../server/src/contract/recognise';
import { members } from '../../server/src/rules/members';
import { diagnosesOf } from '../../server/src/rules/run';
import { parseText } from '../../server/src/text/parse';
import { parseYaml } from '../../server/src/text/yaml';
import { drawn } from '../editor-text';
import { assertGolden } from '../golden';

const fixtures = 'test/fixtures/rules';
const names = readdirSync('server/src/rules/members').filter((file) => file !== 'index.ts');

describe('rules', () => {
  it('are all in the registry, each under the code of its file, sorted', () => {
    assert.deepEqual(
      members.map(({ code }) => code),
      names.sort().map((file) => `contract/${file.replace('.ts', '')}`),
    );
    for (const { code, documentation } of members) assert.match(documentation, /^[A-Z].*\.$/, code);
  });

  for (const file of names) {
    const name = file.replace('.ts', '');
    it(`${name}: each case of its folder`, () => {
      const cases = readdirSync(`${fixtures}/${name}`).filter((entry) => !/\.(golden|actual)$/.test(entry));
      assert.ok(cases.length > 0, `${name} has no case in ${fixtures}/${name}`);
      for (const entry of cases) {
        const path = `${fixtures}/${name}/${entry}`;
        const text = readFileSync(path, 'utf8');
        const tree = parseText(path, text);
        const contract = dialectOf(path, tree)?.read(tree);
        assert.ok(contract, `${path} is no contract`);
        assertGolden(`${path}.golden`, drawn(entry, text, diagnosesOf(contract)));
      }
    });
  }

  it('say nothing of a contract without a fault', () => {
    const text = readFileSync(`${fixtures}/clean.odcs.yaml`, 'utf8');
    assert.deepEqual(diagnosesOf(odcs.read(parseYaml(text))), []);
  });

  it('keep every place inside the text, and never throw, whatever is cut out of a contract', () => {
    const text = readFileSync(`${fixtures}/clean.odcs.yaml`, 'utf8');
    for (let cut = 0; cut < text.length; cut += 23) {
      const broken = text.slice(0, cut) + text.slice(cut + 11);
      for (const { span } of diagnosesOf(odcs.read(parseYaml(broken)))) {
        assert.ok(span.start >= 0 && span.start <= span.end && span.end <= broken.length, `cut at ${cut}`);
      }
    }
  });
});
