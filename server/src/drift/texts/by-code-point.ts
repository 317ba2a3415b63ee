/** Order of text as Python has it. UTF-16 order, which `<` gives, differs from it for characters beyond the basic plane. */
export function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); ) {
    const [x, y] = [a.codePointAt(i) ?? 0, b.codePointAt(i) ?? 0];
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
