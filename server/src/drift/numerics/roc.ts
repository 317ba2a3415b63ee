/**
 * Area under the receiver operating characteristic: the chance that one of the second class scores higher than one of the
 * first, equal scores counting half. NaN when a class is empty.
 */
export function rocArea(scores: Float64Array, isSecond: readonly boolean[]): number {
  const order = Uint32Array.from(scores, (_, index) => index).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [seconds, ranks] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    let here = 0;
    const score = scores[order[start] ?? 0];
    for (end = start; end < order.length && scores[order[end] ?? 0] === score; end++)
      if (isSecond[order[end] ?? 0]) here++;
    seconds += here;
    ranks += here * ((start + end + 1) / 2);
  }
  return (ranks - (seconds * (seconds + 1)) / 2) / (seconds * (order.length - seconds));
}
