/** Eigenvalues and, as columns, eigenvectors of a small symmetric matrix, by Jacobi's rotations. */
export function eigen(matrix: readonly (readonly number[])[]): { values: readonly number[]; vectors: number[][] } {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        off += Math.abs(at(a, p, q));
        rotate(a, vectors, p, q);
      }
    if (off === 0) break;
  }
  return { values: a.map((row, i) => row[i] ?? 0), vectors };
}

const at = (a: readonly (readonly number[])[], i: number, j: number): number => a[i]?.[j] ?? 0;

/** Turns the plane of axes p and q so that they no longer vary together. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const apq = at(a, p, q);
  if (apq === 0) return;
  const theta = (at(a, q, q) - at(a, p, p)) / (2 * apq);
  const t =
    Math.abs(theta) > 1e150 ? 1 / (2 * theta) : (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  const [rowP, rowQ] = [a[p] ?? [], a[q] ?? []];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [rowP[k] ?? 0, rowQ[k] ?? 0];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  rowP[q] = 0;
  rowQ[p] = 0;
  for (const row of vectors) turn(row, p, q, c, s);
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p] ?? 0, row[q] ?? 0];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}
