import type { Point } from './layout';
import type { Edge } from './model';

/** What arrow keys walk through. */
export interface Ground {
  readonly places: ReadonlyMap<string, Point>;
  readonly edges: readonly Edge[];
}

type Move = (from: string, ground: Ground) => readonly string[];

/** Sideways along the edges, up and down within a column. */
const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: (from, { edges }) => edges.filter(({ to }) => to === from).map((edge) => edge.from),
  ArrowRight: (from, { edges }) => edges.filter((edge) => edge.from === from).map(({ to }) => to),
  ArrowUp: (from, ground) => inColumn(from, ground, (y, own) => y < own),
  ArrowDown: (from, ground) => inColumn(from, ground, (y, own) => y > own),
};

/** The node that an arrow key leads to, the nearest of those in its direction; undefined where none is or for another key. */
export function moved(key: string, from: string, ground: Ground): string | undefined {
  const own = ground.places.get(from);
  const targets = moves[key]?.(from, ground) ?? [];
  if (!own) return undefined;
  const distance = (id: string): number => Math.abs((ground.places.get(id)?.y ?? Number.POSITIVE_INFINITY) - own.y);
  return targets.reduce<string | undefined>(
    (nearest, id) => (nearest === undefined || distance(id) < distance(nearest) ? id : nearest),
    undefined,
  );
}

function inColumn(from: string, { places }: Ground, fits: (y: number, own: number) => boolean): readonly string[] {
  const own = places.get(from);
  if (!own) return [];
  return [...places].flatMap(([id, { x, y }]) => (x === own.x && fits(y, own.y) ? [id] : []));
}
