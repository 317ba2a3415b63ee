import { ranksOf } from './correlation';
import { total } from './shares';

/**
 * Area under the receiver operating characteristic: the chance that one of the second class scores higher than one of the
 * first, equal scores counting half. NaN when a class is empty.
 *
 * @param scores Of each row; all are numbers.
 */
export function rocArea(scores: Float64Array, isSecond: readonly boolean[]): number {
  const seconds = ranksOf(scores).filter((_, row) => isSecond[row]);
  const ranks = total(seconds);
  return (ranks - (seconds.length * (seconds.length + 1)) / 2) / (seconds.length * (scores.length - seconds.length));
}
