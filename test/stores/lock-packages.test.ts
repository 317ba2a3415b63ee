import assert from 'node:assert/strict';
import { comparePackages, normalVersion } from '../../server/src/stores/packages/versions';

describe('packages that a run recorded against a lock file', () => {
  const named = (...texts: string[]) =>
    texts.map((text) => ({ name: text.split(' ')[0] ?? '', version: text.split(' ')[1] }));

  it('are the same under every spelling of name and version', () => {
    const difference = comparePackages(
      named('Scikit_Learn 1.9.1', 'a.b 1.0'),
      named('scikit-learn 1.9.1', 'A--B v1.0.0'),
    );
    assert.deepEqual(difference, { differing: [], notLocked: [], notRecorded: [] });
  });

  it('differ by version, or are on one side only', () => {
    const difference = comparePackages(named('numpy 2.1.0', 'pip 24.0'), named('numpy 2.2.0', 'scipy 1.0'));
    assert.deepEqual(difference, {
      differing: [{ name: 'numpy', recorded: '2.1.0', locked: '2.2.0' }],
      notLocked: ['pip'],
      notRecorded: ['scipy'],
    });
  });

  it('differ from none that is open, a commit, or one of several for the platforms', () => {
    const commit = 'c'.repeat(40);
    const { differing } = comparePackages(named('a 1', 'b 1', 'c 1'), named('a', `b ${commit}`, 'c 2', 'c 1'));
    assert.deepEqual(differing, []);
  });

  it('have versions that PEP 440 calls equal', () => {
    for (const [one, other] of [
      ['1.0', '1'],
      ['1.0-RC.1', '1.0rc1'],
      ['1.0alpha2', '1.0a2'],
      ['1.0+CPU-1', '1+cpu.1'],
      ['01.2', '1.2'],
      ['2024.01', '2024.1'],
    ] as const)
      assert.equal(normalVersion(one), normalVersion(other), `${one} ${other}`);
    for (const [one, other] of [
      ['1.0', '1.0.1'],
      ['1.0rc1', '1.0'],
      ['1.10', '1.1'],
      ['1.0+cpu', '1.0'],
    ] as const)
      assert.notEqual(normalVersion(one), normalVersion(other), `${one} ${other}`);
  });
});
