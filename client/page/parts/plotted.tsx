import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useSize } from './measure';
import { usePicture } from './pictures';

interface PlottedProps {
  readonly class: string;
  /** What the chart shows, for who does not see it. */
  readonly words: string;
  /** A file is named after it. */
  readonly name: string;
  readonly caption: string;
  /** Draws anew when one of these changes. */
  readonly from: readonly unknown[];
  /** Stands in when the chart cannot be loaded. */
  readonly otherwise: ComponentChildren;
  /** Loads what draws the chart, and draws it as wide as the place for it. */
  draw(width: number): Promise<Element>;
}

/** Drawn by a chunk of its own, which a page that shows no chart never loads. */
export function Plotted({ words, name, caption, from, otherwise, draw, class: kind }: PlottedProps) {
  const place = useRef<HTMLDivElement>(null);
  const { width } = useSize(place);
  const [failed, setFailed] = useState(false);
  usePicture({ name, caption, svg: () => place.current?.querySelector('svg') ?? undefined });
  useEffect(() => {
    if (width === 0) return;
    let current = true;
    draw(width).then(
      (figure) => current && place.current?.replaceChildren(figure),
      () => setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [...from, Math.round(width)]);
  if (failed) return <>{otherwise}</>;
  return <div class={`chart ${kind}`} role="img" aria-label={words} ref={place} />;
}
