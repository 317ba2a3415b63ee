import { resolve } from 'node:path';
import { loadContract } from '../../contract/load';
import { columnsOf } from '../../contract/model';
import type { Watch, Word } from '../../manifest/model';
import type { Claim } from '../../protocol';
import { didYouMean, meantBy } from '../../text/nearest';
import { cronProblem } from './cron';
import { referred } from './reference';
import { type Context, claimOf, type Judgement, type Section } from './section';

/** What is watched can be read: its data, its columns, its schedule. */
export const monitoring: Section = async (context) =>
  (
    await Promise.all(
      context.manifest.monitoring.map((watch, index) => ofWatch(context, watch, `monitoring[${index}]`)),
    )
  ).flat();

async function ofWatch(context: Context, watch: Watch, at: string): Promise<readonly Claim[]> {
  const { reference, current, predictions, schedule } = watch;
  return [
    ...(reference
      ? [claimOf(context, `${at}.reference`, reference, (await referred(context, reference.text)).judgement)]
      : []),
    ...(current ? [claimOf(context, `${at}.current`, current, await ofIncoming(context, current.text))] : []),
    ...(predictions
      ? [claimOf(context, `${at}.predictions`, predictions, await ofIncoming(context, predictions.text))]
      : []),
    ...(await columnClaims(context, watch, at)),
    ...(schedule ? [claimOf(context, `${at}.schedule`, schedule, ofSchedule(schedule.text))] : []),
  ];
}

/** Data that come in later need not be there yet. */
async function ofIncoming(context: Context, ref: string): Promise<Judgement> {
  const { judgement } = await referred(context, ref);
  return judgement.verdict === 'false' && !/@[^/@]+$/.test(ref)
    ? { verdict: 'claimed', message: `No data match ${ref} yet.` }
    : judgement;
}

/** When something happens, as a cron expression. */
export function ofSchedule(schedule: string): Judgement {
  const problem = cronProblem(schedule);
  return problem === undefined
    ? { verdict: 'verified', message: 'The schedule is a cron expression.' }
    : { verdict: 'false', message: problem };
}

async function columnClaims(context: Context, watch: Watch, at: string): Promise<readonly Claim[]> {
  const named: readonly (readonly [string, Word])[] = [
    ...watch.columns.map((word) => ['columns', word] as const),
    ...watch.segmentBy.map((word) => ['segmentBy', word] as const),
    ...(watch.windowColumn ? [['windowBy.column', watch.windowColumn] as const] : []),
  ];
  if (named.length === 0 || !watch.reference) return [];
  const known = await columnsBehind(context, watch.reference.text);
  return named.map(([key, word]) => claimOf(context, `${at}.${key}.${word.text}`, word, ofColumn(word.text, known)));
}

function ofColumn(column: string, known: readonly string[] | undefined): Judgement {
  if (!known)
    return {
      verdict: 'claimed',
      message:
        'No contract of this file describes the reference data of the monitor, so its columns cannot be looked up; name one under `data`.',
    };
  return known.includes(column)
    ? { verdict: 'verified', message: `The contract has the column ${column}.` }
    : {
        verdict: 'false',
        message: `The contract has no column ${column}.${didYouMean(meantBy(column, known)) || ' Correct the name.'}`,
      };
}

/** Columns of the contract of the same data, else of the only contract that there is. */
async function columnsBehind(context: Context, reference: string): Promise<readonly string[] | undefined> {
  const { manifest, folder, evidence } = context;
  const { path } = await referred(context, reference);
  const described = manifest.data.filter((entry) => entry.contract);
  const own = await Promise.all(
    described.map(
      async ({ ref }) => ref !== undefined && path !== undefined && (await referred(context, ref.text)).path === path,
    ),
  );
  const contracts = new Set(described.map(({ contract }) => contract?.text));
  const contract =
    described[own.indexOf(true)]?.contract ?? (contracts.size === 1 ? described[0]?.contract : undefined);
  if (!contract) return undefined;
  const read = await loadContract({ path: resolve(folder, contract.text) }, evidence.world).catch(() => undefined);
  return read?.tables.flatMap(columnsOf).flatMap((column) => [column.path, column.physicalName]);
}
