import { useEffect, useRef } from 'preact/hooks';

/** A picture that is on the page and can be saved. */
export interface Picture {
  /** What it is of; a file is named after it. */
  readonly name: string;
  /** What stands over it when it is alone. */
  readonly caption: string;
  /** It, drawn; undefined while it is not. */
  svg(): SVGSVGElement | undefined;
}

const shown: Picture[] = [];

/** Has the page's menu save `picture` for as long as the calling part is shown. */
export function usePicture(picture: Picture | undefined): void {
  const newest = useRef(picture);
  newest.current = picture;
  const isShown = picture !== undefined;
  useEffect(() => {
    if (!isShown) return;
    const own: Picture = {
      get name() {
        return newest.current?.name ?? '';
      },
      get caption() {
        return newest.current?.caption ?? '';
      },
      svg: () => newest.current?.svg(),
    };
    shown.push(own);
    return () => {
      shown.splice(shown.indexOf(own), 1);
    };
  }, [isShown]);
}

/** The picture that was opened last; undefined when none is. */
export function openPicture(): Picture | undefined {
  return shown.at(-1);
}

/** All that are on the page, in the order in which they were opened. */
export const openPictures = (): readonly Picture[] => shown;
