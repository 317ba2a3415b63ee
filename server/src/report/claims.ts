import type { Claim, ClaimVerdict } from '../protocol';
import { amount } from '../text/words';

type Style = 'green' | 'yellow' | 'red' | 'gray';

/** How each verdict is marked, and in which colour. */
const marks: Readonly<Record<ClaimVerdict, readonly [string, Style]>> = {
  verified: ['✓', 'green'],
  claimed: ['?', 'yellow'],
  missing: ['–', 'gray'],
  false: ['✗', 'red'],
};

/** What a section is called in the report, where that is not its key. */
const headings: Readonly<Record<string, string>> = { metrics: 'results' };

/**
 * The claims of a manifest as a checklist, a heading for each of its sections: `✓ code.commit  line 5  Commit 3f2c1e9 …`.
 *
 * @param paint Colours words, or gives them back as they are.
 */
export function checklistOf(
  claims: readonly Claim[],
  paint: (style: Style, words: string) => string = (_style, words) => words,
): readonly string[] {
  if (claims.length === 0) return [];
  const width = Math.max(...claims.map(({ claim }) => claim.length));
  const lines = [...new Set(claims.map(sectionOf))].flatMap((section) => [
    headings[section] ?? section,
    ...claims.filter((claim) => sectionOf(claim) === section).map((claim) => `  ${lineOf(claim, width, paint)}`),
  ]);
  return ['reproducibility', ...lines.map((line) => `  ${line}`), `  ${countsOf(claims)}`];
}

const sectionOf = ({ claim }: Claim): string => /^\w+/.exec(claim)?.[0] ?? '';

function lineOf(
  { claim, verdict, message, location }: Claim,
  width: number,
  paint: (style: Style, words: string) => string,
): string {
  const [mark, style] = marks[verdict];
  const line = String(location.range.start.line + 1).padStart(4);
  return `${paint(style, mark)} ${claim.padEnd(width)} ${line}  ${message.replace(/\s*\n\s*/g, ' ')}`;
}

function countsOf(claims: readonly Claim[]): string {
  const count = (verdict: ClaimVerdict): number => claims.filter((claim) => claim.verdict === verdict).length;
  return `${amount(claims.length, 'claim')}: ${count('verified')} verified, ${count('claimed')} claimed, ${count('missing')} missing, ${count('false')} false`;
}
