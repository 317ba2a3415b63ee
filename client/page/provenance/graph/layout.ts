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
  return {
    width,
    height,
    places: new Map(nodes.map(({ id }) => [id, pointOf(graph.node(id) as Point)])),
    lines: edges.map(({ from, to }) => ((graph.edge(from, to)?.points ?? []) as Point[]).map(pointOf)),
  };
}
