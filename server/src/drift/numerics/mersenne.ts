/**
 * Mersenne Twister (M. Matsumoto, T. Nishimura, 1998) with the draws of NumPy's `RandomState`, so that what a system draws
 * from a seed is drawn alike here.
 */
export interface Generator {
  /** Uniform in 0 … 2³² − 1. */
  readonly word: () => number;
  /** Uniform in [0, 1) with 53 bits, as `random_sample`. */
  readonly share: () => number;
  /** Uniform in 0 … `most`, both included, as `randint(0, most + 1)`. */
  readonly upTo: (most: number) => number;
  /** 0 … size − 1 in random order, as `permutation`. */
  readonly permutation: (size: number) => Uint32Array;
  /** Brings what is given into random order in its place, as `shuffle`. */
  readonly shuffle: (order: Uint32Array) => void;
}

const WORDS = 624;
const SHIFT = 397;

/** Draws what `RandomState(seed)` does, for a seed of 0 … 2³² − 1. */
export function generatorFrom(seed: number): Generator {
  const state = seeded(seed);
  let at = WORDS;
  const word = (): number => {
    if (at === WORDS) {
      twist(state);
      at = 0;
    }
    return tempered(state[at++] ?? 0);
  };
  const upTo = (most: number): number => {
    if (most === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(most);
    for (;;) {
      const drawn = (word() & mask) >>> 0;
      if (drawn <= most) return drawn;
    }
  };
  const shuffle = (order: Uint32Array): void => {
    for (let i = order.length - 1; i > 0; i--) {
      const j = upTo(i);
      const held = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = held;
    }
  };
  const permutation = (size: number): Uint32Array => {
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    shuffle(order);
    return order;
  };
  const share = (): number => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  return { word, share, upTo, permutation, shuffle };
}

function seeded(seed: number): Uint32Array {
  const state = new Uint32Array(WORDS);
  let last = seed >>> 0;
  for (let i = 0; i < WORDS; i++) {
    state[i] = last;
    last = (Math.imul(1812433253, last ^ (last >>> 30)) + i + 1) >>> 0;
  }
  return state;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < WORDS; i++) {
    const mixed = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % WORDS] ?? 0) & 0x7fffffff);
    state[i] = (state[(i + SHIFT) % WORDS] ?? 0) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
  }
}

function tempered(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}
