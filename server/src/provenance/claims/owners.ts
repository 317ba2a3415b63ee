import { type Context, claimAt, type Judgement, type Section } from './section';

/** Somebody answers for the experiment. */
export const owners: Section = async (context) => [
  claimAt(context, 'owners', context.manifest.owners[0]?.node, { expected: 'an owner', ...ofOwners(context) }),
];

function ofOwners({ manifest: { owners: all } }: Context): Judgement {
  const own = all.filter(({ role }) => role?.text.toLowerCase() === 'owner').flatMap(({ name }) => name?.text ?? []);
  if (own.length > 0) return { verdict: 'verified', found: own, message: `${own.join(', ')} answers for it.` };
  const mend =
    all.length > 0 ? 'give one of the owners the role "owner"' : 'name somebody under `owners` with the role "owner"';
  return { verdict: 'missing', message: `Nobody answers for this experiment; ${mend}.` };
}
