import type { Datum } from '../../../../server/src/protocol';
import { count } from '../../numbers';
import { runName } from '../runs/run-key';
import { metricText, valueText } from '../runs/values';
import type { Compared, Differences } from './differences';

/** So many names stand in a sentence before the others are counted. */
const named = 3;

/** What changed between the runs, in one or two sentences. */
export function sentenceOf(differences: Differences): string {
  const parts = [
    paramsPart(differences),
    dataPart(differences),
    codePart(differences),
    environmentPart(differences),
  ].filter((part) => part !== undefined);
  const subject = subjectOf(differences);
  const unknown = unknownPart(differences);
  const first =
    parts.length > 0
      ? `${subject.differs} ${listed(parts)}`
      : `${subject.agrees}${unknown ? ' as far as is known' : ''}`;
  return [`${first}.`, metricsPart(differences), unknown].filter(Boolean).join(' ');
}

function subjectOf({ runs }: Differences): { readonly differs: string; readonly agrees: string } {
  const [a, b] = runs;
  if (runs.length === 2 && a && b) {
    const [from, to] = runName(a) === runName(b) ? [a.id.slice(0, 8), b.id.slice(0, 8)] : [runName(a), runName(b)];
    return {
      differs: `${to} differs from ${from} in`,
      agrees: `${to} has the parameters, data and code of ${from}`,
    };
  }
  const many = `${count(runs.length)} runs`;
  return { differs: `The ${many} differ in`, agrees: `The ${many} have the same parameters, data and code` };
}

function paramsPart({ params, runs }: Differences): string | undefined {
  const differing = params.filter(({ differs }) => differs);
  if (differing.length === 0) return undefined;
  const words = shortList(differing.map((row) => changeWords(row, runs.length)));
  return `${count(differing.length)} of ${count(params.length)} ${params.length === 1 ? 'parameter' : 'parameters'} (${words})`;
}

function changeWords({ name, values }: Compared<Datum>, runs: number): string {
  if (runs !== 2) return name;
  const [from, to] = values;
  const words = (value: Datum | undefined) => (value === undefined ? 'none' : cut(valueText(value)));
  return `${name} ${words(from)} → ${words(to)}`;
}

/** A long value would bury the sentence. */
const cut = (text: string) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);

function dataPart({ data }: Differences): string | undefined {
  const differing = data.filter(({ sameness }) => sameness === 'different' || sameness === 'partly');
  return differing.length === 0 ? undefined : `data (${shortList(differing.map(({ name }) => name))})`;
}

function codePart({ code, runs }: Differences): string | undefined {
  const commits = [...new Set(runs.map(({ commit }) => commit?.slice(0, 7) ?? ''))];
  const edited = code.edited.length > 0 && code.edited.length < runs.length;
  if (code.commits === 'different')
    return runs.length === 2 ? `code (${commits.join(' → ')})` : `code (${commits.length} commits)`;
  return edited ? `code (uncommitted changes in ${shortList(code.edited.map(runName))})` : undefined;
}

/** Each run may keep a list of packages of its own, so other paths say nothing yet. */
function environmentPart({ environment }: Differences): string | undefined {
  const differing = environment.filter(
    ({ differs, name }) => differs && !['environment', 'user', 'branch'].includes(name),
  );
  return differing.length === 0 ? undefined : `environment (${shortList(differing.map(({ name }) => name))})`;
}

function metricsPart({ metrics, runs }: Differences): string | undefined {
  const differing = metrics.filter(({ differs }) => differs);
  if (metrics.length === 0) return undefined;
  if (differing.length === 0) return 'Their metrics are the same.';
  const numbers = differing.filter(({ values }) => values.every((value) => typeof value === 'number'));
  const told = numbers.length > 0 ? numbers : differing;
  const words = told.map(({ name, values }) => {
    if (runs.length === 2) return `${name} ${metricText(values[0])} → ${metricText(values[1])}`;
    const inOrder = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
    return inOrder.length === 0 ? name : `${name} ${metricText(inOrder[0])} … ${metricText(inOrder.at(-1))}`;
  });
  return `Metrics: ${shortList(words)}.`;
}

function unknownPart({ data, code }: Differences): string | undefined {
  const unknown = data.filter(({ sameness }) => sameness === 'unknown').map(({ name }) => name);
  const parts = [
    ...(unknown.length > 0 ? [`whether ${shortList(unknown)} ${unknown.length === 1 ? 'is' : 'are'} the same`] : []),
    ...(code.commits === 'unknown' ? ['which code each of them ran'] : []),
  ];
  return parts.length === 0 ? undefined : `It cannot be told ${listed(parts)}.`;
}

function shortList(words: readonly string[]): string {
  if (words.length <= named) return words.join(', ');
  return `${words.slice(0, named).join(', ')} and ${count(words.length - named)} more`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
