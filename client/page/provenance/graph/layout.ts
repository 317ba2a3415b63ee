/** A chunk of its own: a page that shows no graph never loads what lays it out. */
import { Graph, layout } from '@dagrejs/dagre';
import type { Picture } from './model';

/** Pixels of a node at scale 1. */
export const NODE = { width: 196, height: 46 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Centres, by the id of the node. */
  readonly places: ReadonlyMap<string, Point>;
  /** In the order of the picture's edges. */
  readonly lines: readonly (readonly Point[])[];
}

/** Columns from left to right: what stands behind something is left of it. */
export function placed({ nodes, edges }: Picture): Placed {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 56, edgesep: 8, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...NODE });
  for (const { from, to } of edges) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const pointOf = ({ x = 0, y = 0 }: { x?: number; y?: number }): Point => ({ x, y });
  const found = new Map(nodes.map(({ id }) => [id, pointOf(graph.node(id) as Point)]));
  const stead = inOrder({ nodes, edges }, found);
  const at = (id: string): string => stead.get(id) ?? id;
  const places = new Map(nodes.map(({ id }) => [id, found.get(at(id)) ?? { x: 0, y: 0 }]));
  const lines = edges.map(({ from, to }) => {
    const bends = ((graph.edge(at(from), at(to))?.points ?? []) as Point[]).map(pointOf).slice(1, -1);
    return lineBetween(places.get(from), places.get(to), bends);
  });
  return { width, height, places, lines };
}

/**
 * Nodes of a column that hang together with the same others can change places without a line being crossed more: they
 * stand in the order of the picture, so that the newest run is above. For each such node, the one whose place it takes.
 */
function inOrder({ nodes, edges }: Picture, places: ReadonlyMap<string, Point>): ReadonlyMap<string, string> {
  const near = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    near.get(from)?.push(`> ${to}`);
    near.get(to)?.push(`< ${from}`);
  }
  const alike = new Map<string, string[]>();
  for (const { id } of nodes) {
    const key = JSON.stringify([places.get(id)?.x, near.get(id)?.sort()]);
    alike.set(key, [...(alike.get(key) ?? []), id]);
  }
  const height = (id: string): number => places.get(id)?.y ?? 0;
  return new Map(
    [...alike.values()].flatMap((ids) => {
      const downward = ids.toSorted((a, b) => height(a) - height(b));
      return ids.map((id, index) => [id, downward[index] ?? id] as const);
    }),
  );
}

/** From the middle of one side to the middle of another, so that no line ends at a corner or within a text. */
function lineBetween(from: Point | undefined, to: Point | undefined, bends: readonly Point[]): readonly Point[] {
  if (!from || !to || from === to) return [];
  const half = (from.x < to.x ? NODE.width : -NODE.width) / 2;
  return [{ x: from.x + half, y: from.y }, ...bends, { x: to.x - half, y: to.y }];
}
