/** What `npm run fuzz` asks of a test: how many random edits, and the seed they follow from. Undefined in other runs. */
export const fuzz = process.env.FUZZ
  ? { edits: Number(process.env.FUZZ), seed: Number(process.env.FUZZ_SEED) }
  : undefined;

/** Each text with its part of so many edits: as even as whole numbers are, and all of them together. */
export const dealt = (texts: readonly string[], edits: number): readonly (readonly [text: string, edits: number])[] =>
  texts.map((text, index) => {
    const upTo = (count: number): number => Math.floor((edits * count) / texts.length);
    return [text, upTo(index + 1) - upTo(index)];
  });
