/** Planned objects as YAML for people and for `kubectl diff`; secrets are masked. */
import { maskValues, requiredReferences } from "../values";
import { isJsonObject, type JsonObject } from "./manifest";
import type { DeployPlan, PlannedObject } from "./plan";
import { yamlText } from "./yaml-text";

/** Replaces a value of a Secret that is already known. */
export const MASKED = "<secret>";

/** One YAML text with all objects of each chart, in creation order. */
export function renderCharts(plan: DeployPlan): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>(plan.charts.map((chart) => [chart, []]));
  for (const object of plan.objects) texts.get(object.chart)?.push(renderObject(object));
  return new Map([...texts].map(([chart, documents]) => [chart, documents.join("")]));
}

/** One YAML document, with its construct's path as a comment. */
export function renderObject(object: PlannedObject): string {
  return `---\n# ${object.path}\n${yamlText(maskObject(object))}`;
}

/** The manifest in printable form: later values as `<secret mongo>`, contents of a Secret as `<secret>`. */
export function maskObject({
  manifest,
  secretFields,
}: Pick<PlannedObject, "manifest" | "secretFields">): JsonObject {
  const masked = maskValues(manifest);
  if (!isJsonObject(masked)) throw new Error("a manifest is an object");
  const secrets = secretFields.flatMap((field) => {
    const contents = manifest[field];
    return isJsonObject(contents) ? [[field, maskContents(contents)] as const] : [];
  });
  return { ...masked, ...Object.fromEntries(secrets) };
}

function maskContents(contents: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(contents).map(([key, content]) => [key, maskContent(content)]));
}

/** Names of values in a Secret may be shown, literal contents may not. */
function maskContent(content: unknown): string {
  const names = requiredReferences(content).map(({ kind, name }) => `${kind} ${name}`);
  return names.length === 0 ? MASKED : `<secret from ${names.join(", ")}>`;
}
