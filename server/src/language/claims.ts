// What a manifest claims, held against what is there: kept with the text of that time, shown where that text still stands.
import { type Claim, type ClaimVerdict, commands, type Datum, type Finding, type LintSeverity } from '../protocol';
import { findingsOfClaims } from '../provenance/claims/findings';
import { type Fix, quoteAt, written } from '../text/edit';
import { at, entryOf, get, itemsOf, type Node, type Path, type Scalar, type Span, spelling } from '../text/tree';
import { Document } from '../workspace/document';
import { escaped } from './provenance';

/** Where a claim stands in the text that it was judged in. */
interface Place {
  readonly path: Path;
  readonly onKey: boolean;
  readonly spelt: string;
  /** The text of each list item on the way, which tells it from the others when they move. */
  readonly items: readonly string[];
}

interface Judged {
  readonly claim: Claim;
  /** Undefined for what is as it should be, or follows from another finding. */
  readonly finding: Finding | undefined;
  /** Undefined for what the manifest does not say anywhere. */
  readonly place: Place | undefined;
}

/** The claims of one manifest as they were last judged. */
export type Judgements = readonly Judged[];

/** A claim whose text still is what was judged. */
interface Standing extends Judged {
  readonly span: Span;
  readonly node: Node | undefined;
}

/**
 * Keeps of claims what is needed to find them again after the text has changed.
 *
 * @param text The manifest as it was judged.
 */
export function judgementsOf(path: string, text: string, claims: readonly Claim[]): Judgements {
  const document = new Document(path, 0, text);
  const { lines, tree } = document;
  const places = placesIn(tree.root, document);
  const findings = [...findingsOfClaims(claims)];
  return claims.map((claim) => {
    const { start, end } = claim.location.range;
    const index = findings.findIndex(
      ({ message, location }) => message === claim.message && location === claim.location,
    );
    const [finding] = index < 0 ? [] : findings.splice(index, 1);
    return { claim, finding, place: places.get(keyOf({ start: lines.offset(start), end: lines.offset(end) })) };
  });
}

const keyOf = ({ start, end }: Span): string => `${start}-${end}`;

/** Every key and value by its span; of several of one span the innermost. */
function placesIn(root: Node | undefined, { tree }: Document): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const walk = (node: Node, path: Path, items: readonly string[]): void => {
    const place = { path, onKey: false, spelt: spelling(tree, node), items };
    if (path.length > 0) places.set(keyOf(node.span), place);
    if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) walk(item, [...path, index], [...items, spelling(tree, item)]);
    if (node.kind !== 'map') return;
    for (const { key, value } of node.entries) {
      const inner = [...path, String(key.value)];
      places.set(keyOf(key.span), { path: inner, onKey: true, spelt: spelling(tree, key), items });
      walk(value, inner, items);
    }
  };
  if (root) walk(root, [], []);
  return places;
}

// ------------------------------------------------------------------------------------------------- where they stand

/** The claims that nobody has edited since. */
function standingIn(document: Document, judgements: Judgements): readonly Standing[] {
  // In a broken text nothing stands for sure where it seems to.
  if (document.kind !== 'manifest' || document.tree.issues.length > 0) return [];
  return judgements.flatMap((judged) => {
    const found = judged.place ? foundAgain(document, judged.place) : stillUnsaid(document, judged);
    return found ? [{ ...judged, ...found }] : [];
  });
}

function foundAgain({ tree }: Document, place: Place): { span: Span; node: Node | undefined } | undefined {
  const path = movedPath(tree.root, place, (node) => spelling(tree, node));
  const value = path && at(tree.root, path);
  const node = path && place.onKey ? entryOf(at(tree.root, path.slice(0, -1)), String(path.at(-1)))?.key : value;
  return node && spelling(tree, node) === place.spelt ? { span: node.span, node: value } : undefined;
}

/** The path with each list item where its text is now; an item that was edited is the one at its old index. */
function movedPath(root: Node | undefined, { path, items }: Place, spelt: (node: Node) => string): Path | undefined {
  const moved: (string | number)[] = [];
  let lists = 0;
  for (const step of path) {
    const here = at(root, moved);
    if (typeof step === 'string') moved.push(step);
    else {
      const text = items[lists++];
      const all = itemsOf(here);
      const same = all[step];
      const index = same && spelt(same) === text ? step : all.findIndex((item) => spelt(item) === text);
      moved.push(index < 0 ? step : index);
    }
  }
  return moved;
}

/** A claim about what is missing altogether stands at the first line until its section is begun. */
function stillUnsaid({ tree, lines }: Document, { claim }: Judged): { span: Span; node: undefined } | undefined {
  const section = /^\w+/.exec(claim.claim)?.[0] ?? '';
  const isTop = claim.location.range.end.line === 0 && claim.location.range.end.character === 0;
  if (!isTop || get(tree.root, section)) return undefined;
  return { span: firstLine({ start: 0, end: lines.text.length }, lines.text), node: undefined };
}

function firstLine({ start, end }: Span, text: string): Span {
  const length = text.slice(start, end).search(/[\r\n]/);
  return { start, end: length < 0 ? end : start + length };
}

// ---------------------------------------------------------------------------------------------------- diagnostics

/** What is wrong with a claim, in the terms of a document. */
export interface ClaimFault {
  readonly code: string;
  readonly severity: LintSeverity;
  readonly span: Span;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

/**
 * Claims that are false, that nothing shows, and that are missing.
 *
 * @param told What is wrong with the structure there; where it speaks, a claim need not.
 */
export function claimFaults(document: Document, judgements: Judgements, told: readonly Told[]): readonly ClaimFault[] {
  const faults = told.filter(({ severity }) => severity === 'error' || severity === 'warning');
  return standingIn(document, judgements).flatMap((standing) => {
    const { finding } = standing;
    const span = firstLine(standing.span, document.text);
    if (!finding || faults.some((other) => other.span.start <= span.end && span.start <= other.span.end)) return [];
    const { code, severity, message } = finding;
    return [{ code, severity, span, message, fixes: fixesOf(document, standing) }];
  });
}

interface Told {
  readonly severity: LintSeverity;
  readonly span: Span;
}

/** Claims of one value, for which what was found can be written. */
const rewritable =
  /^(?:parameters\.(?!from$).+|metrics\[\d+\]\.value|data\[\d+\]\.version|code\.repository|environment\.image)$/;

function fixesOf(document: Document, { claim, node }: Standing): readonly Fix[] {
  if (claim.verdict !== 'false') return [];
  if (/^runs\[\d+\]\.commit$/.test(claim.claim)) {
    const commit = at(document.tree.root, ['code', 'commit']);
    // Another value than was judged is not the one that is false.
    const isJudged = commit && spelling(document.tree, commit).includes(String(claim.expected));
    return isJudged ? replacement(document, commit, claim.found) : [];
  }
  return node && rewritable.test(claim.claim) ? replacement(document, node, claim.found) : [];
}

function replacement({ tree }: Document, node: Node, found: Datum): readonly Fix[] {
  if (node.kind !== 'scalar') return [];
  const value = inKindOf(node.value, found);
  if (value === undefined || value === node.value) return [];
  const quote = quoteAt(tree, node.span);
  const text = written(value, quote);
  return [{ title: `Change to ${text}`, edits: [{ span: node.span, text }] }];
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Trackers keep numbers and booleans as texts; in place of a number a number is meant. */
function inKindOf(said: Scalar, found: Datum): Scalar | undefined {
  if (found === null || typeof found === 'object') return undefined;
  if (typeof found !== 'string') return found;
  if (typeof said === 'number' && found.trim() !== '' && Number.isFinite(Number(found))) return Number(found);
  return typeof said === 'boolean' ? (booleans[found.toLowerCase()] ?? found) : found;
}

// ------------------------------------------------------------------------------------------------- lens and hover

const verdicts: readonly ClaimVerdict[] = ['verified', 'claimed', 'missing', 'false'];

/** `Reproducibility: 12 verified, 2 claimed, 1 false`, a link to the checklist. Undefined for a manifest without claims. */
export function claimsLens(document: Document, judgements: Judgements) {
  if (document.kind !== 'manifest' || judgements.length === 0) return undefined;
  // Lines must not jump while somebody types what is broken for a moment.
  const standing = document.tree.issues.length > 0 ? judgements : standingIn(document, judgements);
  const counts = verdicts.flatMap((verdict) => {
    const count = standing.filter(({ claim }) => claim.verdict === verdict).length;
    return count > 0 ? [`${count} ${verdict}`] : [];
  });
  const edited = judgements.length - standing.length;
  return {
    span: { start: 0, end: 0 },
    title: `Reproducibility: ${counts.join(', ')}${edited > 0 ? ` (${edited} edited since)` : ''}`,
    command: commands.showProvenance,
    arguments: [{ uri: document.uri }],
  };
}

const headings: Readonly<Record<ClaimVerdict, string>> = {
  verified: 'Verified',
  claimed: 'Claimed only',
  missing: 'Missing',
  false: 'False',
};

/** What was found about the claims of the value or key at a span, Markdown. Undefined where nothing is claimed. */
export function claimWords(document: Document, judgements: Judgements, { start, end }: Span): string | undefined {
  const here = standingIn(document, judgements).filter(({ span }) => span.start === start && span.end === end);
  if (here.length === 0) return undefined;
  return here.map(({ claim }) => `**${headings[claim.verdict]}**: ${inMarkdown(claim.message)}`).join('  \n');
}

/** Commands in a message are code already; the rest is text of other people. */
const inMarkdown = (message: string): string =>
  message
    .replaceAll(/\s*\n\s*/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : part))
    .join('');
