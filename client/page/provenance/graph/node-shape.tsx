import type { Mark, NodeKind } from './model';

/** Outlines in a square of 16, told apart without colour: a drum, a point of a line, a box, a triangle, a cube. */
const outlines: Readonly<Record<NodeKind, string>> = {
  data: 'M2 4a6 2.4 0 0 1 12 0v8a6 2.4 0 0 1 -12 0zM2 4a6 2.4 0 0 0 12 0M2 8a6 2.4 0 0 0 12 0',
  code: 'M8 1v4M8 11v4M8 5a3 3 0 1 0 0.01 0',
  environment: 'M2 3h12v10H2zM2 6h12M5 9l2 1.2L5 11.4',
  run: 'M4 2.5v11l9 -5.5z',
  model: 'M8 1.5l6 3.2v6.6L8 14.5l-6 -3.2V4.7zM2 4.7l6 3.2 6 -3.2M8 7.9v6.6',
};

/** The sign of a kind; a word stands beside it or in the label. */
export const KindShape = ({ kind }: { readonly kind: NodeKind }) => (
  <path class={`graph-shape graph-shape-${kind}`} d={outlines[kind]} />
);

/** A triangle for what is in the way, a ring for what changed, dots for what goes on; in a square of 10. */
const signs: Readonly<Record<Mark['tone'], string>> = {
  problem: 'M5 0.6L9.8 9.4H0.2zM5 3.6v3M5 7.6v0.4',
  change: 'M5 1a4 4 0 1 0 0.01 0M5 3.4a1.6 1.6 0 1 0 0.01 0',
  busy: 'M1.2 5h0.01M5 5h0.01M8.8 5h0.01',
};

export const MarkSign = ({ tone }: { readonly tone: Mark['tone'] }) => (
  <path class={`graph-sign graph-sign-${tone}`} d={signs[tone]} />
);
