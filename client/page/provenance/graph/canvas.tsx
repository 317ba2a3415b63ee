import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSize } from '../../parts/measure';
import type { Placed, Point } from './layout';
import type { Node, Picture } from './model';
import { moved } from './moves';
import { KindShape, MarkSign } from './node-shape';
import { centredOn, fitted, showing, type View, zoomed } from './view';
import { actionOf, sentenceOf } from './words';

interface CanvasProps {
  readonly picture: Picture;
  readonly placed: Placed;
  /** Size of a node at scale 1. */
  readonly node: { readonly width: number; readonly height: number };
  /** The node that has, or would get, the focus. */
  readonly current: string | undefined;
  /** Whether the current node takes the focus as soon as it is drawn. */
  readonly focusing: boolean;
  onCurrent(id: string): void;
  onChoose(node: Node): void;
}

const ZOOM = 1.25;
/** Below it the words of a node are too small to be read. */
const READABLE = 0.7;
/** Pixels that a key moves the picture. */
const PACE = 60;

const pans: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [PACE, 0],
  ArrowRight: [-PACE, 0],
  ArrowUp: [0, PACE],
  ArrowDown: [0, -PACE],
};

/** The graph as a picture to walk through: arrow keys follow the lines, Enter chooses, + − 0 zoom. */
export function Canvas({ picture, placed, node: box, current, focusing, onCurrent, onChoose }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const [own, setOwn] = useState<View>();
  const [over, setOver] = useState<string>();
  const elements = useRef(new Map<string, SVGGElement>());
  // Until a person moves it, the whole picture is in view however the page changes.
  const view = own ?? fitted(placed, size);
  const latest = useRef(view);
  latest.current = view;
  const zoom = (times: number, at: Point = { x: size.width / 2, y: size.height / 2 }) =>
    setOwn(zoomed(latest.current, times, at));
  usePointer(place, placed, latest, setOwn);

  useLayoutEffect(() => {
    if (focusing && current !== undefined) elements.current.get(current)?.focus({ preventScroll: true });
  }, [placed]);

  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(ZOOM),
    '=': () => zoom(ZOOM),
    '-': () => zoom(1 / ZOOM),
    '0': () => setOwn(undefined),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = event.shiftKey ? pans[event.key] : undefined;
    if (pan) setOwn({ ...view, x: view.x + pan[0], y: view.y + pan[1] });
    else if (keys[event.key]) keys[event.key]?.();
    else return;
    event.preventDefault();
  };
  /** Who walks wants to read: a picture that was made to fit by making it small is enlarged at the first step. */
  const walkTo = (id: string) => {
    const centre = placed.places.get(id);
    if (centre && own === undefined && view.scale < READABLE) {
      latest.current = centredOn(centre, READABLE, size);
      setOwn(latest.current);
    }
    elements.current.get(id)?.focus({ preventScroll: true });
  };
  const onNodeKey = (event: KeyboardEvent, node: Node) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const isChoice = event.key === 'Enter' || event.key === ' ';
    const next = moved(event.key, node.id, { places: placed.places, edges: picture.edges });
    if (isChoice) onChoose(node);
    else if (next !== undefined) walkTo(next);
    else if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
  };
  const onFocus = (id: string) => {
    onCurrent(id);
    const centre = placed.places.get(id);
    if (!centre) return;
    const before = latest.current;
    const next = showing(before, centre, box, size);
    if (next.x !== before.x || next.y !== before.y) setOwn(next);
  };
  return (
    <div class="graph-place" role="group" ref={place} onKeyDown={onKeyDown}>
      <svg
        class="graph-picture"
        aria-roledescription="graph"
        aria-label={`Provenance: ${picture.nodes.length} nodes. Arrow keys follow the lines, Enter chooses, plus and minus zoom.`}
        width={size.width}
        height={size.height}
      >
        <defs>
          <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="graph-arrow" d="M0.5 0.5L7 4L0.5 7.5" />
          </marker>
        </defs>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          <g>
            {picture.edges.map(({ from, to, runs }, index) => (
              <path
                key={`${from}\n${to}`}
                class={`graph-edge ${from === over || to === over ? 'over' : ''} ${from === current || to === current ? 'near' : ''}`}
                d={curve(placed.lines[index] ?? [])}
                stroke-width={1 + Math.min(2, Math.log10(runs))}
                marker-end="url(#graph-arrow)"
              />
            ))}
          </g>
          {picture.nodes.map((node) => (
            <NodeBox
              key={node.id}
              node={node}
              box={box}
              at={placed.places.get(node.id) ?? { x: 0, y: 0 }}
              words={sentenceOf(node, picture)}
              isCurrent={node.id === current}
              element={(element) => {
                if (element) elements.current.set(node.id, element);
                else elements.current.delete(node.id);
              }}
              onFocus={() => onFocus(node.id)}
              onKeyDown={(event) => onNodeKey(event, node)}
              onChoose={() => onChoose(node)}
              onOver={(isOver) => setOver(isOver ? node.id : undefined)}
            />
          ))}
        </g>
      </svg>
      <fieldset class="graph-zoom" aria-label="Zoom">
        <ZoomButton icon="zoom-in" label="Zoom In (+)" run={() => zoom(ZOOM)} />
        <ZoomButton icon="zoom-out" label="Zoom Out (−)" run={() => zoom(1 / ZOOM)} />
        <ZoomButton icon="screen-full" label="Show All (0)" run={() => setOwn(undefined)} />
      </fieldset>
    </div>
  );
}

const ZoomButton = ({ icon, label, run }: { readonly icon: string; readonly label: string; run(): void }) => (
  <button type="button" class="button" title={label} aria-label={label} onClick={run}>
    <span class={`codicon codicon-${icon}`} aria-hidden="true" />
  </button>
);

/** Level at both ends, since all lines go from left to right. */
function curve([first, ...rest]: readonly Point[]): string {
  if (!first) return '';
  let before = first;
  const parts = rest.map((point) => {
    const middle = (before.x + point.x) / 2;
    const part = `C${middle} ${before.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    before = point;
    return part;
  });
  return `M${first.x} ${first.y}${parts.join('')}`;
}

/** Dragging moves the picture, the wheel too where it is larger than its place; with Ctrl the wheel zooms. */
function usePointer(
  place: { readonly current: HTMLDivElement | null },
  placed: Placed,
  latest: { readonly current: View },
  setView: (view: View) => void,
): void {
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let from: Point | undefined;
    const onWheel = (event: WheelEvent) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const view = latest.current;
      const isZoom = event.ctrlKey || event.metaKey;
      if (!isZoom && placed.width * view.scale <= width && placed.height * view.scale <= height) return;
      event.preventDefault();
      const at = { x: event.clientX - left, y: event.clientY - top };
      setView(
        isZoom
          ? zoomed(view, Math.exp(-event.deltaY / 300), at)
          : { ...view, x: view.x - event.deltaX, y: view.y - event.deltaY },
      );
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('.graph-node, button')) return;
      from = { x: event.clientX, y: event.clientY };
      element.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      if (!from) return;
      const view = latest.current;
      setView({ ...view, x: view.x + event.clientX - from.x, y: view.y + event.clientY - from.y });
      from = { x: event.clientX, y: event.clientY };
    };
    const onUp = () => {
      from = undefined;
    };
    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener('wheel', onWheel, { passive: false, signal });
    element.addEventListener('pointerdown', onDown, { signal });
    element.addEventListener('pointermove', onMove, { signal });
    element.addEventListener('pointerup', onUp, { signal });
    element.addEventListener('pointercancel', onUp, { signal });
    return () => listening.abort();
  }, [placed]);
}

interface NodeBoxProps {
  readonly node: Node;
  readonly box: { readonly width: number; readonly height: number };
  readonly at: Point;
  readonly words: string;
  readonly isCurrent: boolean;
  element(element: SVGGElement | null): void;
  onFocus(): void;
  onKeyDown(event: KeyboardEvent): void;
  onChoose(): void;
  onOver(isOver: boolean): void;
}

/** Letters that fit beside the sign of the kind. */
const TITLE_LETTERS = 23;
const ABOUT_LETTERS = 25;
/** Of the second line, in letters: the sign of a mark and the gap before it. */
const MARK_LETTERS = 4;

function NodeBox({ node, box, at, words, isCurrent, element, onFocus, onKeyDown, onChoose, onOver }: NodeBoxProps) {
  const { kind, title, about, mark, group } = node;
  const room = mark ? ABOUT_LETTERS - mark.words.length - MARK_LETTERS : ABOUT_LETTERS;
  return (
    <g
      class={`graph-node graph-node-${kind} ${mark ? `graph-${mark.tone}` : ''} ${group === undefined ? '' : 'graph-group'}`}
      transform={`translate(${at.x - box.width / 2} ${at.y - box.height / 2})`}
      role="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={words}
      ref={element}
      data-id={node.id}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={onChoose}
      onMouseEnter={() => onOver(true)}
      onMouseLeave={() => onOver(false)}
    >
      <title>{[words, actionOf(node)].filter(Boolean).join('\n')}</title>
      {group !== undefined && <rect class="graph-behind" x="4" y="4" width={box.width} height={box.height} rx="6" />}
      <rect class="graph-box" width={box.width} height={box.height} rx="6" />
      <g transform={`translate(10 ${box.height / 2 - 8})`}>
        <KindShape kind={kind} />
      </g>
      <text class="graph-title" x="36" y="19">
        {cut(title, TITLE_LETTERS)}
      </text>
      <text class="graph-about" x="36" y="35">
        {cut(about, Math.max(4, room))}
      </text>
      {mark && (
        <>
          <text class="graph-mark" x={box.width - 10} y="35">
            {mark.words}
          </text>
          <g transform={`translate(${box.width - 18} 9)`}>
            <MarkSign tone={mark.tone} />
          </g>
        </>
      )}
    </g>
  );
}

const cut = (words: string, letters: number): string => {
  const all = [...words];
  return all.length > letters ? `${all.slice(0, letters - 1).join('')}…` : words;
};
