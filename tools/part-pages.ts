/**
 * Pages of the documentation that follow from the catalog: `docs/images.md` lists every image that may run, and
 * `docs/parts.md` what a new value of each key of a part does to an environment that runs. With `--write` it renews them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOG } from "../catalog";
import { effectsOf } from "../environment/parts/effects";
import { imageText, type Lifecycle } from "../environment/parts/images";
import type { Part } from "../environment/parts/part";
import { EFFECT_WORDS, keyRows, table } from "./effect-table";

const DOCS = join(__dirname, "../docs");
export const RENEW_COMMAND = "node --import tsx tools/part-pages.ts --write";
const GENERATED = `This page is generated from the catalog of parts; \`${RENEW_COMMAND}\` renews it.`;

export type PageName = "images.md" | "parts.md";

/** A page as the catalog gives it. */
export function partPage(name: PageName, parts: readonly Part[] = CATALOG.parts): string {
  switch (name) {
    case "images.md":
      return page("Images", imagesIntroduction, imagesTable(parts));
    case "parts.md":
      return page("Changing an application that runs", partsIntroduction, parts.flatMap(effectsSection));
  }
}

/** A page as it is in the repository. */
export function writtenPage(name: PageName): string {
  return readFileSync(join(DOCS, name), "utf8");
}

function page(title: string, introduction: string, content: readonly string[]): string {
  return `${[`# ${title}`, introduction, GENERATED, ...content].join("\n\n")}\n`;
}

const imagesIntroduction =
  "Every image that the program may run in the cluster, each at a fixed tag. What has ended upstream gets no\nsecurity fixes any more; `labstead check` reports it for each environment that runs it.";

function imagesTable(parts: readonly Part[]): readonly string[] {
  const rows = parts.flatMap(({ key, images }) =>
    Object.entries(images).map(([component, image]) => [
      key,
      component,
      `\`${imageText(image)}\``,
      image.lifecycle === undefined ? "maintained" : lifecycleText(image.lifecycle),
    ]),
  );
  return [table(["part", "for", "image", "upstream"], rows)];
}

function lifecycleText(lifecycle: Lifecycle): string {
  const what = lifecycle.status === "ended" ? `ended in ${lifecycle.since}` : lifecycle.limit;
  return `${what}; ${lifecycle.successor}`;
}

const partsIntroduction = `What a new value of each key does to an environment that runs, when \`up\` takes it:

${EFFECT_WORDS}`;

function effectsSection({ title, configuration, key }: Part): readonly string[] {
  if (configuration === undefined) return [];
  const rows = keyRows(effectsOf(configuration.effects), `${configuration.section}.${key}.`);
  return [
    `## ${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    table(["key", "effect", "what happens"], rows),
  ];
}

if (require.main === module && process.argv.includes("--write"))
  for (const name of ["images.md", "parts.md"] as const) writeFileSync(join(DOCS, name), partPage(name));
