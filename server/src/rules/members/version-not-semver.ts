import { get, stringOf } from '../../text/tree';
import type { Rule } from '../rule';

/** https://semver.org, 2.0.0, without the lengths of build metadata spelt out. */
const semver = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

export const versionNotSemver: Rule = {
  code: 'contract/version-not-semver',
  severity: 'warning',
  documentation:
    'The version of the contract does not follow Semantic Versioning, so nobody can tell from it whether a change breaks.',
  check: ({ tree }) => {
    const node = get(tree.root, 'version');
    const version = stringOf(node);
    if (version === undefined || !node || semver.test(version)) return [];
    const message = `The version "${version}" does not follow Semantic Versioning; write three numbers, as in 1.0.0.`;
    return [{ span: node.span, message }];
  },
};
