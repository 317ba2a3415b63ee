import type { Claim, ClaimVerdict, Datum } from '../../../server/src/protocol';
import { Icon, type StatusLook } from '../parts/icon';
import { fileName } from '../paths';
import { post } from './editor';
import { valueText } from './runs/values';

/** What needs somebody first. */
const looks: Readonly<Record<ClaimVerdict, StatusLook>> = {
  false: { word: 'False', icon: 'error', tone: 'failed' },
  missing: { word: 'Missing', icon: 'circle-large-outline', tone: 'warning' },
  claimed: { word: 'Claimed', icon: 'question', tone: 'quiet' },
  verified: { word: 'Verified', icon: 'pass', tone: 'passed' },
};
const order = Object.keys(looks) as readonly ClaimVerdict[];

/** How the claims of a manifest stand: `7 of 12 claims verified, 1 false`. */
export function claimsSentence(claims: readonly Claim[]): string {
  const counted = (verdict: ClaimVerdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const others = (['false', 'missing', 'claimed'] as const).flatMap((verdict) => {
    const count = counted(verdict);
    return count === 0 ? [] : [`${count} ${verdict === 'claimed' ? 'cannot be checked here' : verdict}`];
  });
  const noun = claims.length === 1 ? 'claim' : 'claims';
  return [`${counted('verified')} of ${claims.length} ${noun} verified`, ...others].join(', ');
}

/** What a manifest says, held against what is there: what is wrong first. */
export function Checklist({ claims }: { readonly claims: readonly Claim[] }) {
  if (claims.length === 0) {
    return (
      <div class="empty">
        <Icon name="checklist" />
        <h1>Nothing to check</h1>
        <p>The manifest claims nothing yet. Name its code, data and run, and they are checked here.</p>
      </div>
    );
  }
  const sorted = claims.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return (
    <div class="checklist stay">
      <p class="checklist-sum">{claimsSentence(claims)}.</p>
      <ul>
        {sorted.map((claim, index) => (
          <ClaimLine key={`${claim.claim} ${index}`} claim={claim} />
        ))}
      </ul>
    </div>
  );
}

function ClaimLine({ claim: { claim, verdict, expected, found, message, location } }: { readonly claim: Claim }) {
  const { word, icon, tone } = looks[verdict] ?? looks.claimed;
  const line = location.range.start.line + 1;
  return (
    <li class="claim">
      <Icon name={icon} tone={tone} />
      <span class="claim-word">{word}</span>
      <div class="claim-text">
        <p>
          <span class="code">{claim}</span> {message}
        </p>
        {verdict === 'false' && <Difference expected={expected} found={found} />}
      </div>
      <button
        type="button"
        class="link"
        title={`Open ${fileName(location.path)} at line ${line}`}
        onClick={() => post({ type: 'reveal', location })}
      >
        line {line}
        <Icon name="arrow-right" />
      </button>
    </li>
  );
}

function Difference({ expected, found }: { readonly expected: Datum; readonly found: Datum }) {
  return (
    <p class="quiet">
      the manifest says <span class="code">{valueText(expected)}</span>, there is{' '}
      <span class="code">{found === null ? 'nothing' : valueText(found)}</span>
    </p>
  );
}
