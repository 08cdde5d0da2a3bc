/** Lines, places and changes as HTML, shared by tables and details. */
import type { Change, ChangeKind, Line, Place, Row, Table } from "../types";
import { anchor, html, type Html, NOTHING } from "./html";

export function lineHtml(line: Line): Html {
  return html`${line.map((piece) =>
    typeof piece === "string" ? html`${piece}` : html`<a href="#${anchor(piece.to)}">${piece.text}</a>`,
  )}`;
}

/** `ingress.https Pulumi.prod.yaml:85`; of a default, the line of what holds it. */
export function placeHtml({ path, line, written }: Place, file: string | undefined): Html {
  const setting = html`<code>${path}</code>`;
  if (file === undefined) return setting;
  if (line === undefined) return html`${setting} has its default`;
  const at = html`<span class="file">${file}:${line}</span>`;
  if (written === path) return html`${setting} ${at}`;
  return html`${setting} has its default; <code>${written}</code> ${at}`;
}

/** The same below the text of a cell. */
function shortPlace({ path, line, written }: Place): Html {
  const suffix =
    line === undefined ? "" : `, ${written === path ? "" : "default, below "}line ${String(line)}`;
  return html`<div class="file">${path}${suffix}</div>`;
}

export function badge(change: ChangeKind | undefined): Html {
  return change === undefined ? NOTHING : html` <span class="badge ${change}">${change}</span>`;
}

export function headHtml(columns: readonly string[]): Html {
  return html`<thead>
    <tr>
      ${columns.map((column) => html`<th scope="col">${column}</th>`)}
    </tr>
  </thead>`;
}

/** Values of the base and of the head beside each other. */
export function changeHtml({ kind, values }: Change, base: string): Html {
  if (values.length === 0) return html`<p>${kind === "added" ? `Not in ${base}.` : `Only in ${base}.`}</p>`;
  return html`<table>
    <caption>
      What changed since ${base}
    </caption>
    ${headHtml(["what", "before", "after"])}
    <tbody>
      ${values.map(
        ({ label, before, after }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td>${before === "" ? "–" : before}</td>
            <td>${after === "" ? "–" : after}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function tableHtml({ title, columns, rows }: Table): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      ${headHtml(columns)}
      <tbody>
        ${rows.map(rowHtml)}
      </tbody>
    </table>
  </div>`;
}

/** The place is in the last cell, as the pane of the details is narrow. */
function rowHtml({ id, cells, place, change }: Row): Html {
  const [first = [], ...rest] = cells;
  const name = html`<th scope="row">${lineHtml(first)}${badge(change)}</th>`;
  const last = place === undefined ? NOTHING : shortPlace(place);
  const others = rest.map(
    (cell, index) => html`<td>${lineHtml(cell)}${index === rest.length - 1 ? last : NOTHING}</td>`,
  );
  const attributes = id === undefined ? NOTHING : html`id="${anchor(id)}" data-find`;
  return html`<tr ${attributes}>
    ${name}${others}
  </tr>`;
}
