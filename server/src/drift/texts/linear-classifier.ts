import { generatorFrom } from '../numerics/mersenne';
import type { Weighed } from './words';

/** Strength of the penalty that sets words of no use to 0, rounds over all texts, and when to stop before. */
const PENALTY = 0.0001;
const EPOCHS = 50;
const TOLERANCE = 0.001;
const PATIENCE = 5;
/** Words are in few texts, so what all have in common is learnt more slowly. */
const COMMON_PACE = 0.01;

/**
 * A linear classifier by stochastic gradient descent with modified Huber loss and an absolute penalty, step for step as
 * scikit-learn 1.9.1's `SGDClassifier(alpha=0.0001, max_iter=50, penalty="l1", loss="modified_huber")` (`_sgd_fast.pyx.tp`).
 * Gives the share, 0 to 1, that a text is held to be of the second class.
 */
export function linearClassifier(
  texts: readonly Weighed[],
  isSecond: readonly boolean[],
  words: number,
  seed: number,
): (text: Weighed) => number {
  const generator = generatorFrom(seed);
  generator.upTo(2 ** 31 - 3); // scikit-learn draws a seed for its dataset first, which shuffling does not use.
  const shuffling = generator.upTo(2 ** 31 - 2);
  const model = {
    weights: new Float64Array(words),
    paid: new Float64Array(words),
    common: 0,
    owed: 0,
    norm: 0,
    step: 0,
  };
  const order = Uint32Array.from(texts, (_, index) => index);
  let best = Number.POSITIVE_INFINITY;
  let stale = 0;
  for (let epoch = 0; epoch < EPOCHS && stale < PATIENCE; epoch++) {
    shuffle(order, shuffling);
    let objective = 0;
    for (const index of order) {
      const text = texts[index];
      if (text) objective += learn(model, text, isSecond[index] ? 1 : -1);
    }
    objective /= texts.length;
    stale = objective > best - TOLERANCE ? stale + 1 : 0;
    best = Math.min(best, objective);
  }
  return (text) => (Math.min(1, Math.max(-1, scoreOf(model, text))) + 1) / 2;
}

interface Model {
  readonly weights: Float64Array;
  /** Of the penalty owed so far, what each weight has paid. */
  readonly paid: Float64Array;
  common: number;
  owed: number;
  norm: number;
  step: number;
}

const scoreOf = ({ weights, common }: Model, { words, weights: values }: Weighed): number => {
  let score = common;
  for (let i = 0; i < words.length; i++) score += (weights[words[i] ?? 0] ?? 0) * (values[i] ?? 0);
  return score;
};

const TYPICAL = Math.sqrt(1 / Math.sqrt(PENALTY));
/** So many steps count as done before the first, that it be of the size of a typical weight. */
const HEAD_START = Math.max(1, slope(1, -TYPICAL)) / (TYPICAL * PENALTY);

/** One step along one text; what it adds to the objective. */
function learn(model: Model, text: Weighed, side: 1 | -1): number {
  const score = scoreOf(model, text);
  const pace = 1 / (PENALTY * (HEAD_START + model.step));
  const objective = loss(side, score) + PENALTY * model.norm;
  const update = -pace * slope(side, score);
  const { words, weights: values } = text;
  model.common += update * COMMON_PACE;
  model.owed += pace * PENALTY;
  model.step++;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    const before = model.weights[word] ?? 0;
    const moved = before + update * (values[i] ?? 0);
    const now = shrunk(moved, model.owed, model.paid[word] ?? 0);
    model.weights[word] = now;
    model.paid[word] = (model.paid[word] ?? 0) + now - moved;
    model.norm += Math.abs(now) - Math.abs(before);
  }
  return objective;
}

/** Y. Tsuruoka, J. Tsujii, S. Ananiadou, ACL 2009: the penalty takes a weight to 0 and not beyond. */
function shrunk(weight: number, owed: number, paid: number): number {
  if (weight > 0) return Math.max(0, weight - (owed + paid));
  return weight < 0 ? Math.min(0, weight + (owed - paid)) : weight;
}

function loss(side: number, score: number): number {
  const margin = side * score;
  if (margin >= 1) return 0;
  return margin >= -1 ? (1 - margin) ** 2 : -4 * margin;
}

function slope(side: number, score: number): number {
  const margin = side * score;
  if (margin >= 1) return 0;
  return margin >= -1 ? -2 * (1 - margin) * side : -4 * side;
}

/** By the generator of scikit-learn's `our_rand_r`, which begins anew in every round. */
function shuffle(order: Uint32Array, seed: number): void {
  let state = seed || 1;
  for (let i = 0; i < order.length - 1; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = i + ((state & 0x7fffffff) % (order.length - i));
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
}
