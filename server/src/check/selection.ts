import picomatch from 'picomatch';
import type { Contract } from '../contract/model';
import type { CheckJob } from '../protocol';
import { didYouMean, slipsOf } from '../text/nearest';
import { checksOf, type PlacedCheck } from './checks';
import { list } from './words';

/** Which checks of a contract a person asked for: those that meet each of the lists given. */
export type Selection = NonNullable<CheckJob['only']>;

interface Part {
  readonly option: string;
  readonly noun: string;
  /** What of a check is looked at. */
  wordsOf(check: PlacedCheck): readonly string[];
}

const parts: Readonly<Record<keyof Selection, Part>> = {
  checks: { option: '--checks', noun: 'id', wordsOf: ({ id }) => [id] },
  dimensions: { option: '--dimension', noun: 'dimension', wordsOf: ({ dimension }) => (dimension ? [dimension] : []) },
  tags: { option: '--tag', noun: 'tag', wordsOf: ({ tags }) => tags },
};

const keys = ['checks', 'dimensions', 'tags'] as const;

/** The checks that a job is about: all, those of its table, those that it selects. */
export function checksFor({ table, only = {} }: CheckJob, contract: Contract): readonly PlacedCheck[] {
  const wanted = keys.flatMap((key) => {
    const patterns = only[key];
    return patterns ? [{ part: parts[key], fits: anyOf(patterns) }] : [];
  });
  return checksOf(contract).filter(
    (check) =>
      (table === undefined || check.table.name === table) &&
      wanted.every(({ part, fits }) => part.wordsOf(check).some(fits)),
  );
}

/** What of the selection no check meets, in words; undefined when each part meets one, and all together do. */
export function unmetBy(only: Selection, contracts: readonly Contract[]): string | undefined {
  const checks = contracts.flatMap(checksOf);
  for (const key of keys) {
    const { option, noun, wordsOf } = parts[key];
    const known = [...new Set(checks.flatMap(wordsOf))];
    const unmet = only[key]?.find((pattern) => !known.some(anyOf([pattern])));
    if (unmet === undefined) continue;
    const there = known.length > 0 ? `there are ${list(known)}` : 'there is none';
    return `No check has the ${noun} "${unmet}" that ${option} asks for; ${there}.${didYouMean(slipsOf(unmet, known))}`;
  }
  const job = { kind: 'check', folder: '', contract: { path: '' }, only } as const;
  return contracts.some((contract) => checksFor(job, contract).length > 0)
    ? undefined
    : 'No check meets all of --checks, --dimension and --tag at once. Leave one of them out.';
}

/** A word is as it stands, before it is a pattern; `*` stands for slashes too, since ids are no paths. */
function anyOf(patterns: readonly string[]): (word: string) => boolean {
  const plain = new Set(patterns.map((pattern) => pattern.toLowerCase()));
  const globs = patterns
    .filter((pattern) => /[*?[{(]/.test(pattern))
    .map((pattern) => picomatch(pattern, { bash: true, dot: true, nocase: true }));
  return (word) => plain.has(word.toLowerCase()) || globs.some((fits) => fits(word));
}
