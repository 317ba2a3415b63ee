/** Of two whole numbers, not both 0. */
export const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** A number of at least 0 to the nearest whole one, a half to the even one, as Python and NumPy round. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2) : Math.round(x);
}
