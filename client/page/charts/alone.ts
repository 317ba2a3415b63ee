/** What the page's sheet gives a part of a picture, in the words that a picture has itself. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'vector-effect',
] as const;
const colours: readonly string[] = ['fill', 'stroke'];
/** What a picture means without saying it. */
const usual: Readonly<Record<string, string>> = {
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  opacity: '1',
  'vector-effect': 'none',
};

/** Pixels: of a caption of one line, of each more, and of a letter of it on the average. */
const captionHeight = 30;
const lineHeight = 17;
const letter = 7.2;
const side = 12;
const namespace = 'http://www.w3.org/2000/svg';

/** A picture of the page as a file that looks the same without the page: its colours and letters are in it. */
export function alone(picture: SVGSVGElement, caption: string): string {
  const { width, height } = sizeOf(picture);
  const lines = wrapped(caption, Math.floor(width / letter));
  const top = captionHeight + (lines.length - 1) * lineHeight;
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const [shown, copied] = [withinOf(picture), withinOf(copy)];
  for (const [at, element] of shown.entries()) dress(element, copied[at]);
  for (const tip of copy.querySelectorAll('.tip')) tip.remove();
  for (const element of withinOf(copy)) strip(element);
  for (const [name, value] of [
    ['x', side],
    ['y', top],
    ['width', width],
    ['height', height],
  ] as const)
    copy.setAttribute(name, String(value));
  const frame = part('svg', { width: width + 2 * side, height: height + top + side });
  frame.setAttribute('viewBox', `0 0 ${width + 2 * side} ${height + top + side}`);
  const page = getComputedStyle(document.body);
  const ground = part('rect', { width: '100%', height: '100%', fill: solid(page.backgroundColor).colour });
  const title = part('text', { fill: solid(page.color).colour, 'font-size': 13, 'font-weight': 600 });
  title.setAttribute('font-family', page.fontFamily);
  for (const [at, words] of lines.entries()) {
    const line = part('tspan', { x: side, y: 20 + at * lineHeight });
    line.textContent = words;
    title.append(line);
  }
  frame.append(ground, title, ...hatching(copy), copy);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(frame)}\n`;
}

/** The words on lines of at most so many letters, a longer word on a line of its own. */
function wrapped(words: string, letters: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The same as pixels, twice as many as on the page: the bytes of a PNG as base64. Rejects when it cannot be drawn. */
export async function asPng(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
}

function sizeOf(picture: SVGSVGElement): { readonly width: number; readonly height: number } {
  const { width, height } = picture.viewBox.baseVal;
  return width > 0 && height > 0 ? { width, height } : picture.getBoundingClientRect();
}

const withinOf = (picture: SVGSVGElement) => [picture, ...picture.querySelectorAll<SVGElement>('*')];

/** Parts that only group inherit and are inherited from, so that each part that is drawn tells all of its own look. */
function dress(shown: SVGElement, copy: SVGElement | undefined): void {
  if (!copy || shown instanceof SVGDefsElement) return;
  const style = getComputedStyle(shown);
  for (const name of properties) {
    const value = style.getPropertyValue(name);
    if (value === '' || (value === usual[name] && !copy.hasAttribute(name))) continue;
    copy.setAttribute(name, plainColour(value));
  }
  for (const name of colours) {
    const value = style.getPropertyValue(name);
    if (!isNew.test(value)) continue;
    const { colour, opacity } = solid(value);
    copy.setAttribute(name, colour);
    copy.setAttribute(`${name}-opacity`, String(opacity * own(style, `${name}-opacity`)));
  }
}

/** Colours that a picture's own format cannot say. */
const isNew = /^(?:color|rgba|hsl|ok|lab|lch)/;
const own = (style: CSSStyleDeclaration, name: string) => Number(style.getPropertyValue(name) || 1);

function strip(element: SVGElement): void {
  for (const name of ['class', 'style', 'aria-hidden']) element.removeAttribute(name);
}

/** The page's own address means nothing in a file. */
const plainColour = (value: string) => value.replace(/url\("?[^"#)]*#([^")]+)"?\)/, 'url(#$1)');

/** Colours that the newest sheets can say, as every program reads them. */
function solid(colour: string): { readonly colour: string; readonly opacity: number } {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return { colour, opacity: 1 };
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  const hex = [red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('');
  return { colour: `#${hex}`, opacity: alpha / 255 };
}

/** The hatching of high contrast is the page's, so the file brings it along. */
function hatching(copy: SVGSVGElement): readonly SVGElement[] {
  const hatch = document.getElementById('hatch');
  const line = hatch?.querySelector('line');
  if (!hatch || !line || !copy.querySelector('[fill*="#hatch"]')) return [];
  const pattern = hatch.cloneNode(true) as SVGElement;
  const stroke = solid(getComputedStyle(line).stroke).colour;
  pattern.querySelector('line')?.setAttribute('stroke', stroke);
  pattern.querySelector('line')?.setAttribute('stroke-width', '3');
  const definitions = part('defs', {});
  definitions.append(pattern);
  return [definitions];
}

function part(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
