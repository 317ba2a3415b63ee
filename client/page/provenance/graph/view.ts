import type { Point } from './layout';

/** How the picture lies on the page: moved by `x` and `y` pixels after it was made `scale` times as large. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Smaller is no text any more, larger shows nothing more. */
const SMALLEST = 0.2;
const LARGEST = 2.5;
/** Pixels that stay free around a node that is brought into sight. */
const ROOM = 16;

const scaled = (scale: number): number => Math.min(LARGEST, Math.max(SMALLEST, scale));

/** All of the picture, centred, no larger than it is. */
export function fitted(picture: Size, place: Size): View {
  const scale = scaled(Math.min(1, place.width / picture.width, place.height / picture.height));
  const centred = (whole: number, part: number): number => Math.max(0, (whole - part * scale) / 2);
  return { scale, x: centred(place.width, picture.width), y: centred(place.height, picture.height) };
}

/** So many times as large, with the point of the page under it staying where it is. */
export function zoomed({ x, y, scale }: View, times: number, at: Point): View {
  const next = scaled(scale * times);
  const ratio = next / scale;
  return { scale: next, x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio };
}

/** With the point in the middle of the place. */
export const centredOn = ({ x, y }: Point, scale: number, { width, height }: Size): View => ({
  scale,
  x: width / 2 - x * scale,
  y: height / 2 - y * scale,
});

/** Moved no further than it takes to see a box around the point. */
export function showing(view: View, centre: Point, box: Size, place: Size): View {
  const along = (offset: number, middle: number, length: number, whole: number): number => {
    const [low, high] = [middle - length / 2, middle + length / 2].map((edge) => edge * view.scale + offset);
    if (low === undefined || high === undefined) return offset;
    if (low < ROOM) return offset + ROOM - low;
    return high > whole - ROOM ? offset + whole - ROOM - high : offset;
  };
  return {
    scale: view.scale,
    x: along(view.x, centre.x, box.width, place.width),
    y: along(view.y, centre.y, box.height, place.height),
  };
}
