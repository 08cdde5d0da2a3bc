/** A report as one HTML file that needs nothing else: style, script and picture are in it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { placed } from "../layout";
import type { Report, Section, Thing } from "../types";
import { comparisonHtml, detailsHtml } from "./details";
import { drawingHtml } from "./drawing";
import { anchor, html, Html, NOTHING } from "./html";
import { badge, headHtml, lineHtml } from "./lines";

const STYLE = asset("style.css");
const SCRIPT = asset("search.browser.js");

function asset(name: string): string {
  return readFileSync(join(__dirname, name), "utf8");
}

/** The whole file. Text of the lab is escaped; no script or style runs beside the two of this folder. */
export function reportPage(report: Report): string {
  const { environment, domain, compared } = report;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${environment}: report of the lab</title>
        ${element("style", STYLE)}
      </head>
      <body>
        <header>
          <h1>${environment} <span>${domain}</span></h1>
          <search hidden>
            <label for="search">Search</label>
            <input
              id="search"
              type="search"
              autocomplete="off"
              spellcheck="false"
              placeholder="name, address, port … ( / )"
            />
            <p id="found" role="status"></p>
            <ul id="results"></ul>
          </search>
          ${navigation(report)}
        </header>
        <div class="page">
          <main>
            ${compared === undefined ? NOTHING : comparisonHtml(compared)}
            <section id="picture">
              <h2>Picture</h2>
              <div class="scroll drawing" tabindex="0" role="region" aria-label="Picture">
                ${drawingHtml(placed(report.picture))}
              </div>
              <p class="legend">
                <span class="outside">outside</span><span class="address">address</span
                ><span class="servers">servers</span><span class="storage">storage</span
                ><span class="cluster">in the cluster</span> Numbers on arrows are ports; each small box is
                one server or namespace.
              </p>
            </section>
            ${report.sections.map(sectionHtml)}
          </main>
          ${detailsHtml(report)}
        </div>
        ${element("script", SCRIPT)}
      </body>
    </html> `;
  return withoutDeadLinks(page.text);
}

/** A link to what the report does not have, such as a namespace that somebody else creates, is a text. */
function withoutDeadLinks(page: string): string {
  const ids = new Set(Array.from(page.matchAll(/ id="([\w.-]+)"/g), ([, id]) => id));
  return page.replace(/<a href="#([\w.-]+)">([^<]*)<\/a>/g, (link, id: string, text: string) =>
    ids.has(id) ? link : text,
  );
}

/** Without any space around the text: the policy allows exactly this. */
function element(name: "style" | "script", text: string): Html {
  return new Html(`<${name}>${text}</${name}>`);
}

function navigation({ sections, compared }: Report): Html {
  const entry = (id: string, title: string, count: number): Html =>
    html`<a href="#${id}">${title} <span>${count}</span></a>`;
  return html`<nav aria-label="Sections">
    <a href="#picture">Picture</a>
    ${compared === undefined ? NOTHING : entry("changes", "Changes", compared.things.length)}
    ${sections.map(({ id, title, things }) => entry(id, title, things.length))}
  </nav>`;
}

/** Only the style and the script with these very contents; nothing is loaded or sent. */
function policy(): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
}

function sectionHtml({ id, title, columns, things }: Section): Html {
  const table = html`<div class="scroll">
    <table>
      ${headHtml(["name", ...columns])}
      <tbody>
        ${things.map(thingRow)}
      </tbody>
    </table>
  </div>`;
  return html`<section id="${id}">
    <h2>${title}</h2>
    ${things.length === 0 ? html`<p>None.</p>` : table}
  </section>`;
}

function thingRow({ id, title, summary, change }: Thing): Html {
  return html`<tr>
    <th scope="row"><a href="#${anchor(id)}">${title}</a>${badge(change?.kind)}</th>
    ${summary.map((cell) => html`<td>${lineHtml(cell)}</td>`)}
  </tr>`;
}
