/**
 * p-values adjusted so that, of the columns called different, the expected share that is not stays below the level.
 * Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57(1), 1995; the same figures as SciPy's `false_discovery_control`. In the order
 * given.
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const falling = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  falling.forEach(({ p, index }, place) => {
    least = Math.min(least, (p * pValues.length) / (pValues.length - place));
    adjusted[index] = least;
  });
  return adjusted;
}
