/** The picture as SVG. Colours come from the page's style sheet. */
import {
  CELL_GAP,
  labelWidth,
  LINE_HEIGHT,
  MOST_SQUARES,
  PADDING,
  TITLE_HEIGHT,
  type Area,
  type Placed,
  type PlacedBox,
  type PlacedEdge,
  type Point,
} from "../layout";
import { anchor, html, type Html, NOTHING } from "./html";

export function drawingHtml({ width, height, boxes, edges, frames }: Placed): Html {
  const size = html`${Math.ceil(width)}`;
  return html`<svg
    viewBox="0 0 ${size} ${Math.ceil(height)}"
    width="${size}"
    height="${Math.ceil(height)}"
    role="group"
    aria-label="Picture of the environment"
  >
    <defs>${["open", "inside"].map(arrowHead)}</defs>
    ${frames.map(frameHtml)} ${edges.map(edgeLine)} ${frames.map(frameTitle)} ${boxes.map(boxHtml)}
    ${edges.map(edgeText)}
  </svg>`;
}

function arrowHead(kind: string): Html {
  return html`<marker
    id="arrow-${kind}"
    class="arrow ${kind}"
    viewBox="0 0 10 10"
    refX="9"
    refY="5"
    markerWidth="7"
    markerHeight="7"
    orient="auto"
  >
    <path d="M0 0 L10 5 L0 10 z" />
  </marker>`;
}

function frameHtml({ area }: Placed["frames"][number]): Html {
  return html`<g class="frame">${rectangle(area, 10)}</g>`;
}

/** Above the edges that cross it. */
function frameTitle({ title, area }: Placed["frames"][number]): Html {
  return html`<text class="frame-title" x="${round(area.x + PADDING)}" y="${round(area.y + 19)}"
    >${title}</text
  >`;
}

function rectangle({ x, y, width, height }: Area, radius: number): Html {
  return html`<rect
    x="${round(x)}"
    y="${round(y)}"
    width="${round(width)}"
    height="${round(height)}"
    rx="${radius}"
  />`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function edgeLine({ edge, points }: PlacedEdge): Html {
  return html`<path class="edge ${edge.kind}" d="${smooth(points)}" marker-end="url(#arrow-${edge.kind})" />`;
}

/** Curves through the middles between the points, so that corners are round. */
function smooth(points: readonly Point[]): string {
  const text = ({ x, y }: Point): string => `${String(round(x))} ${String(round(y))}`;
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  const curves = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    return `Q${text(point)} ${text({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return `M${text(first)} ${curves.join(" ")} L${text(last)}`;
}

function edgeText({ edge: { text, kind }, at }: PlacedEdge): Html {
  if (text === "") return NOTHING;
  const width = labelWidth({ text, kind });
  const area = { x: at.x - width / 2, y: at.y - 9, width, height: 18 };
  return html`<g class="label ${kind}"
    >${rectangle(area, 4)}<text x="${round(at.x)}" y="${round(at.y + 4)}">${text}</text></g
  >`;
}

function boxHtml(placed: PlacedBox): Html {
  const { box, area } = placed;
  const { kind, title, lines, to, change } = box;
  const left = area.x + PADDING;
  const body = html`${rectangle(area, 8)}<text
      class="title"
      x="${round(left)}"
      y="${round(area.y + PADDING + 12)}"
      >${title}${change === undefined ? "" : ` (${change})`}</text
    >
    ${lines.map((line, index) => html`<text x="${round(left)}" y="${round(area.y + PADDING + TITLE_HEIGHT + LINE_HEIGHT * index + 10)}">${line}</text>`)}`;
  const linked = to === undefined ? body : html`<a href="#${anchor(to)}">${body}</a>`;
  return html`<g class="box ${kind} ${change ?? ""}">${linked}${cellsHtml(placed)}</g>`;
}

/** Mouse targets beside the tables: the keyboard goes to the box, whose details list the same. */
function cellsHtml({ box, area, cells }: PlacedBox): Html {
  if (box.cells.length > MOST_SQUARES) return NOTHING;
  const top = area.y + PADDING + TITLE_HEIGHT + LINE_HEIGHT * box.lines.length;
  return html`${box.cells.map(({ text, to, change }, index) => {
    const x = area.x + PADDING + (index % cells.columns) * (cells.width + CELL_GAP);
    const y = top + Math.floor(index / cells.columns) * (cells.height + CELL_GAP);
    const inner =
      cells.kind === "named" ? html`<text x="${round(x + 7)}" y="${round(y + 14)}">${text}</text>` : NOTHING;
    return html`<a class="cell ${change ?? ""}" href="#${anchor(to)}" tabindex="-1"
      ><title>${text}</title>${rectangle({ x, y, width: cells.width, height: cells.height }, 3)}${inner}</a
    >`;
  })}`;
}
