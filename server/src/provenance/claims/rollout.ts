import type { Word } from '../../manifest/model';
import { didYouMean, slipsOf } from '../../text/nearest';
import { versionCalled } from './model';
import { ofSchedule } from './monitoring';
import { type Context, claimAt, claimOf, type Judgement, type Section } from './section';

/** What starts a training, stops a rollout and takes it back is named elsewhere in the manifest or in the registry. */
export const rollout: Section = async (context) => {
  const { retraining, rollout: plan, monitoring, metrics, owners } = context.manifest;
  const monitors = monitoring.flatMap(({ name }) => name ?? []);
  const figures = [...metrics.flatMap(({ name }) => name ?? []), ...monitoring.flatMap((watch) => watch.metrics)];
  const among = (claim: string, word: Word | undefined, kind: string, names: readonly string[]) =>
    word ? [claimOf(context, claim, word, namedAmong(word.text, kind, names))] : [];
  return [
    ...among('retraining.trigger.drift', retraining.drift, 'monitor', monitors),
    ...(retraining.cadence
      ? [claimOf(context, 'retraining.cadence', retraining.cadence, ofSchedule(retraining.cadence.text))]
      : []),
    ...among('retraining.backtest.metric', retraining.metric, 'metric', figures),
    ...(plan.steps.length > 0 ? [claimAt(context, 'rollout.steps', plan.steps[0]?.node, ofSteps(plan.steps))] : []),
    ...plan.guardrails.flatMap((word, index) => among(`rollout.guardrails[${index}].metric`, word, 'metric', figures)),
    ...(plan.toVersion
      ? [claimOf(context, 'rollout.rollback.toVersion', plan.toVersion, await ofTarget(context, plan.toVersion.text))]
      : []),
    ...among(
      'rollout.rollback.owner',
      plan.owner,
      'owner',
      owners.flatMap(({ name }) => name?.text ?? []),
    ),
  ];
};

function namedAmong(word: string, kind: string, names: readonly string[]): Judgement {
  if (names.includes(word)) return { verdict: 'verified', found: word, message: `This file has the ${kind} ${word}.` };
  const mend =
    didYouMean(slipsOf(word, names)) || (names.length > 0 ? ` It has ${names.slice(0, 5).join(', ')}.` : ' Add it.');
  return { verdict: 'false', found: names, message: `This file has no ${kind} ${word}.${mend}` };
}

function ofSteps(steps: readonly Word[]): Judgement {
  const shares = steps.map(({ text }) => Number.parseFloat(text));
  const expected = steps.map(({ text }) => text);
  const isRising = shares.every((share, index) => index === 0 || share > (shares[index - 1] ?? 0));
  return isRising && shares.at(-1) === 100
    ? { verdict: 'verified', expected, message: 'The steps rise to 100 %.' }
    : { verdict: 'false', expected, message: 'The steps of a rollout rise, and the last is 100%.' };
}

async function ofTarget(context: Context, version: string): Promise<Judgement> {
  if (version === context.manifest.model.version?.text)
    return {
      verdict: 'false',
      message: `Version ${version} is the one that is rolled out; name the one to go back to.`,
    };
  const found = await versionCalled(context, version);
  return (
    found?.judgement ?? {
      verdict: 'claimed',
      message: `No registry is here, so version ${version} cannot be looked up; bring its store into the workspace.`,
    }
  );
}
