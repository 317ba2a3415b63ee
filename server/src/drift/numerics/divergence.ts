/** Nats lost by describing `p` with `q`. A bin that `p` leaves empty loses nothing, one that only `q` leaves empty all. */
export function divergence(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, share, bin) => (share === 0 ? sum : sum + share * Math.log(share / (q[bin] ?? 0))), 0);
}
