import { type Parameter, parametersIn } from '../../manifest/model';
import type { Claim, Datum } from '../../protocol';
import { inRoot } from '../../stores/git';
import { parseYaml } from '../../text/yaml';
import { type Context, claimAt, claimOf, type Judgement, pathOf, type Section, short } from './section';
import { sameValue, valueCalled } from './values';

/** Parameters are those of the file that they are from, and of every run. */
export const parameters: Section = async (context) => {
  const { from, values } = context.manifest.parameters;
  const file = from ? await fileOf(context, from.text) : undefined;
  const said = values.map(({ name }) => name);
  return [
    ...(from && file ? [claimOf(context, 'parameters.from', from, judgedFile(context, file, said))] : []),
    ...values.map((parameter) =>
      claimAt(context, `parameters.${parameter.name}`, parameter.node, {
        expected: parameter.value,
        ...judged(context, parameter, file),
      }),
    ),
    ...seedClaim(context, [...said, ...Object.keys(file?.values ?? {})]),
  ];
};

/** The file of parameters, as the commit has it when it does. */
interface ParameterFile {
  readonly name: string;
  /** Undefined when it cannot be read; then `problem` says why. */
  readonly values: Readonly<Record<string, Datum>> | undefined;
  readonly problem?: Judgement;
}

async function fileOf(context: Context, name: string): Promise<ParameterFile> {
  if (!/\.(ya?ml|json)$/i.test(name))
    return {
      name,
      values: undefined,
      problem: { verdict: 'claimed', message: `Parameters are read from YAML and JSON files, and ${name} is neither.` },
    };
  const text = await textOf(context, name);
  if (text === undefined)
    return {
      name,
      values: undefined,
      problem: { verdict: 'false', message: `There is no ${name} that can be read; correct the path.` },
    };
  const { root, issues } = parseYaml(text);
  const [issue] = issues;
  if (issue)
    return {
      name,
      values: undefined,
      problem: { verdict: 'false', message: `${name} cannot be read: ${issue.message}` },
    };
  return { name, values: Object.fromEntries(parametersIn(root).map(({ name: key, value }) => [key, value])) };
}

async function textOf(context: Context, name: string): Promise<string | undefined> {
  const { evidence, root, commit } = context;
  const path = await pathOf(context, name);
  const isInside = root !== undefined && !inRoot(root, path).startsWith('..');
  const bytes = isInside && commit !== undefined ? await evidence.world.git?.show(root, commit, path) : undefined;
  return bytes ? Buffer.from(bytes).toString('utf8') : evidence.world.readText(path).catch(() => undefined);
}

/** What the file says and the manifest does not repeat has to be the runs' as well. */
function judgedFile({ runs }: Context, { name, values, problem }: ParameterFile, said: readonly string[]): Judgement {
  if (problem || !values) return problem ?? { verdict: 'claimed', message: `${name} cannot be read.` };
  const known = runs.flatMap(({ run }) => run ?? []);
  const others = Object.entries(values).filter(([key]) => !said.includes(key));
  for (const run of known) {
    const wrong = others.find(
      ([key, value]) => Object.hasOwn(run.params, key) && !sameValue(value, run.params[key] ?? null),
    );
    if (wrong)
      return {
        verdict: 'false',
        found: run.params[wrong[0]] ?? null,
        message: `${name} has ${wrong[0]} ${shown(wrong[1])}, but run ${run.id} had ${shown(run.params[wrong[0]] ?? null)}; name the commit that has the run's.`,
      };
  }
  return {
    verdict: 'verified',
    found: Object.keys(values).length,
    message: `${name} can be read, and no run had other values.`,
  };
}

function judged({ runs, commit }: Context, { name, value }: Parameter, file: ParameterFile | undefined): Judgement {
  const sources = [
    ...(file?.values
      ? [{ source: `${file.name}${commit ? ` at ${short(commit)}` : ''}`, value: valueCalled(name, file.values) }]
      : []),
    ...runs.flatMap(({ run }) => (run ? [{ source: `run ${run.id}`, value: valueCalled(name, run.params) }] : [])),
  ].filter((one): one is { source: string; value: Datum } => one.value !== undefined);
  const wrong = sources.find((one) => !sameValue(one.value, value));
  if (wrong)
    return {
      verdict: 'false',
      found: wrong.value,
      message: `${name} is ${shown(wrong.value)} in ${wrong.source}, not ${shown(value)}; write what the run had.`,
    };
  const [first] = sources;
  if (first)
    return {
      verdict: 'verified',
      found: first.value,
      message: `${name} is the same in ${sources.map(({ source }) => source).join(', ')}.`,
    };
  return {
    verdict: 'claimed',
    message: `No file or run here has the parameter ${name}; name the run, or correct the name.`,
  };
}

const shown = (value: Datum): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

const isSeed = (name: string): boolean => /(^|[._-])(random_?)?(seed|random_state)$/i.test(name);

function seedClaim(context: Context, names: readonly string[]): readonly Claim[] {
  const { manifest, runs } = context;
  const isAsked = manifest.parameters.node !== undefined || manifest.runs.length > 0 || manifest.metrics.length > 0;
  if (!isAsked || names.some(isSeed)) return [];
  const [name, value] = runs.flatMap(({ run }) => Object.entries(run?.params ?? {})).find(([key]) => isSeed(key)) ?? [];
  const hint = name === undefined ? '' : ` The run had ${name} ${shown(value ?? null)}.`;
  return [
    claimAt(context, 'parameters.seed', manifest.parameters.node, {
      verdict: 'missing',
      found: value ?? null,
      message: `No seed is named, so random numbers may give another result; write it under \`parameters.seed\`.${hint}`,
    }),
  ];
}
