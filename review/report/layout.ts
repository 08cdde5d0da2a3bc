/** Places the boxes of a picture, by dagre. Sizes are in the units of the drawing, about a pixel each. */
import { Graph, layout as place } from "@dagrejs/dagre";
import type { Box, Edge, Picture } from "./types";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** Small boxes of one box: with a name each, or as squares of a grid where there are many. */
export interface Cells {
  readonly kind: "named" | "squares";
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedBox {
  readonly box: Box;
  /** Top left corner and size. */
  readonly area: Area;
  readonly cells: Cells;
}

export interface PlacedEdge {
  readonly edge: Edge;
  readonly points: readonly Point[];
  /** Centre of its text. */
  readonly at: Point;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
  readonly frames: readonly { readonly title: string; readonly area: Area }[];
}

export const PADDING = 12;
export const TITLE_HEIGHT = 20;
export const LINE_HEIGHT = 16;
export const CELL_GAP = 4;
/** More are a grid of squares. */
const MOST_NAMED = 8;
/** More are a number only. */
export const MOST_SQUARES = 600;
const SQUARE = 13;
const FRAME_TITLE = 26;
/** Average widths of characters of the drawing's fonts. */
const TITLE_CHARACTER = 8;
const LINE_CHARACTER = 6.7;
const CELL_CHARACTER = 6.1;
const LABEL_CHARACTER = { open: 7.6, inside: 6.6 } as const;
const NARROWEST = 130;

export function placed(picture: Picture): Placed {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 46, marginx: 14, marginy: 14 });
  const sized = picture.boxes.map((box) => ({ box, cells: cellsOf(box) }));
  const frames = Object.entries(picture.frames).filter(([key]) =>
    picture.boxes.some(({ frame }) => frame === key),
  );
  for (const [key] of frames) graph.setNode(frameId(key), {});
  for (const { box, cells } of sized) {
    graph.setNode(box.id, sizeOf(box, cells));
    if (box.frame !== undefined && box.frame in picture.frames) graph.setParent(box.id, frameId(box.frame));
  }
  picture.edges.forEach(({ from, to, text, kind }, index) =>
    graph.setEdge(from, to, { width: labelWidth({ text, kind }), height: 16, labelpos: "c" }, String(index)),
  );
  place(graph);
  return {
    ...framedSize(graph),
    boxes: sized.map(({ box, cells }) => ({ box, cells, area: areaOf(graph, box.id) })),
    edges: picture.edges.map((edge, index) =>
      placedEdge(edge, graph.edge(edge.from, edge.to, String(index)) as Label),
    ),
    frames: frames.map(([key, title]) => ({ title, area: withTitle(areaOf(graph, frameId(key))) })),
  };
}

/** Of an edge's text with its frame; open ones are bold. */
export function labelWidth({ text, kind }: Pick<Edge, "text" | "kind">): number {
  return text.length * LABEL_CHARACTER[kind] + 10;
}

interface Label {
  readonly points?: readonly Point[];
  readonly x?: number;
  readonly y?: number;
}

function placedEdge(edge: Edge, { points = [], x = 0, y = 0 }: Label): PlacedEdge {
  return { edge, points, at: { x, y } };
}

function frameId(key: string): string {
  return `frame/${key}`;
}

function framedSize(graph: Graph): Pick<Placed, "width" | "height"> {
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return { width, height: height + FRAME_TITLE };
}

/** dagre gives centres. */
function areaOf(graph: Graph, id: string): Area {
  const { x, y, width, height } = graph.node(id) as Area;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** dagre leaves room around what is in a frame; its title needs a little more above. */
function withTitle({ x, y, width, height }: Area): Area {
  return { x, y: y - FRAME_TITLE / 2, width, height: height + FRAME_TITLE / 2 };
}

function cellsOf({ cells }: Box): Cells {
  const count = cells.length;
  if (count <= MOST_NAMED) {
    const longest = Math.max(0, ...cells.map(({ text }) => text.length));
    return { kind: "named", columns: count > 3 ? 2 : 1, width: longest * CELL_CHARACTER + 14, height: 20 };
  }
  // About twice as wide as high.
  const columns = Math.ceil(Math.sqrt(Math.min(count, MOST_SQUARES) * 2));
  return { kind: "squares", columns, width: SQUARE, height: SQUARE };
}

function sizeOf(
  { title, lines, cells }: Box,
  { columns, width, height }: Cells,
): Pick<Area, "width" | "height"> {
  const drawn = cells.length > MOST_SQUARES ? 0 : cells.length;
  const [across, down] = [Math.min(columns, drawn), Math.ceil(drawn / columns)];
  const grid = { width: across * (width + CELL_GAP), height: down * (height + CELL_GAP) };
  const text = Math.max(title.length * TITLE_CHARACTER, ...lines.map((line) => line.length * LINE_CHARACTER));
  return {
    width: Math.max(NARROWEST, text + 2 * PADDING, grid.width + 2 * PADDING),
    height: 2 * PADDING + TITLE_HEIGHT + lines.length * LINE_HEIGHT + grid.height,
  };
}
