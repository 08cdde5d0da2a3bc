/** The description of each thing, of which one is shown at a time. */
import type { Comparison, Report, SectionId, Step, Thing } from "../types";
import { anchor, html, type Html, NOTHING } from "./html";
import { badge, changeHtml, headHtml, lineHtml, placeHtml, tableHtml } from "./lines";

export function detailsHtml(report: Report): Html {
  const removed = report.compared?.things.filter(({ change }) => change.kind === "removed") ?? [];
  const things = [
    ...report.sections.flatMap(({ id, things: each }) => each.map((thing) => [id, thing] as const)),
    ...removed.map((thing) => ["removed", thing] as const),
  ];
  return html`<aside id="details" aria-label="Details" tabindex="0">
    ${overviewHtml(report)} ${things.map(([section, thing]) => thingHtml(thing, section, report))}
  </aside>`;
}

function overviewHtml({ environment, overview, file, compared }: Report): Html {
  return html`<article id="overview">
    <p class="what">environment</p>
    <h2>${environment}</h2>
    <dl>
      ${overview.facts.map(
        ({ label, value }) =>
          html`<dt>${label}</dt>
            <dd>${lineHtml(value)}</dd>`,
      )}
    </dl>
    <p class="hint">
      Choose anything in the picture or in the tables: here is then shown where it is
      set${file === undefined ? "" : ` in ${file}`}, what reaches it, what it
      costs${compared === undefined ? "" : ", and what changed"}. Press <kbd>/</kbd> to search.
    </p>
    ${overview.tables.map((table) => tableHtml(table))}
  </article>`;
}

function thingHtml(thing: Thing, section: SectionId | "removed", { file, compared }: Report): Html {
  const { id, what, title, change, facts, places, reached, cost, tables } = thing;
  return html`<article id="${anchor(id)}" data-find>
    <p class="what">${what}</p>
    <h2>${title}${badge(change?.kind)}</h2>
    ${change === undefined || compared === undefined ? NOTHING : changeHtml(change, compared.with)}
    <dl>
      ${
        places.length === 0
          ? NOTHING
          : html`<dt>set in</dt>
              ${places.map((place) => html`<dd>${placeHtml(place, file)}</dd>`)}`
      }
      ${
        cost === undefined
          ? NOTHING
          : html`<dt>costs</dt>
              <dd>${cost}</dd>`
      }
      ${facts.map(
        ({ label, value }) =>
          html`<dt>${label}</dt>
            <dd>${lineHtml(value)}</dd>`,
      )}
    </dl>
    ${reachedHtml(reached, section)} ${tables.map((table) => tableHtml(table))}
  </article>`;
}

/** The stages of a port's way are in its order; elsewhere the order means nothing. */
function reachedHtml(steps: readonly Step[], section: SectionId | "removed"): Html {
  if (steps.length === 0) return NOTHING;
  const items = steps.map(
    ({ title, lines }) =>
      html`<li>
        <h4>${title}</h4>
        <ul>
          ${lines.map((line) => html`<li>${lineHtml(line)}</li>`)}
        </ul>
      </li>`,
  );
  return section === "ports"
    ? html`<h3>What lets it in, step by step</h3>
        <ol class="way">
          ${items}
        </ol>`
    : html`<h3>What reaches it</h3>
        <ul class="way">
          ${items}
        </ul>`;
}

/** The changes as a section of their own. */
export function comparisonHtml({ with: base, things, steps }: Comparison): Html {
  const row = ({ id, what, title, change }: Comparison["things"][number]): Html => {
    const labels = change.values.map(({ label }) => label).join(", ");
    return html`<tr>
      <th scope="row"><a href="#${anchor(id)}">${title}</a>${badge(change.kind)}</th>
      <td>${what}</td>
      <td>${labels}</td>
    </tr>`;
  };
  const changes = html`<div class="scroll">
    <table>
      ${headHtml(["what", "kind", "what differs"])}
      <tbody>
        ${things.map(row)}
      </tbody>
    </table>
  </div>`;
  return html`<section id="changes">
    <h2>Changes since ${base}</h2>
    ${things.length === 0 ? html`<p>Nothing differs in what this report shows.</p>` : changes}
    ${steps.length === 0 ? NOTHING : tableHtml({ title: "What an up would do to resources", columns: ["step", "layer", "resource", "because"], rows: steps })}
  </section>`;
}
