/** The environments of this repository as the objects that reach an API server, with plausible values bound. */
import { readEnvironment } from "../../environments";
import { join } from "node:path";
import type { JsonObject, Manifest } from "../../../deploy/manifest";
import { bindValues, type Reference } from "../../../values";
import { stackFile } from "../../../environment/stack-file";
import { lab, type Lab } from "../../../lab";
import { environmentWith } from "../../apps/hub/hubs";
import { configOf } from "../../environment/configs";
import type { Answer, ApiClient } from "./api-client";

const ROOT = join(__dirname, "../../..");

export interface BoundLab extends Lab {
  /** In the planned order. */
  readonly manifests: readonly Manifest[];
}

/**
 * The lab of a stack file: `prod` and `test`, or one of the examples.
 * @param datalab keys of `apps.datalab` that replace those of the file
 */
export function boundLab(stack: string, folder = ".", datalab: JsonObject = {}): BoundLab {
  const { config, ...rest } = readEnvironment(stackFile(join(ROOT, folder), stack));
  const own = config.apps["datalab"];
  const apps = typeof own === "object" ? { ...config.apps, datalab: { ...own, ...datalab } } : config.apps;
  return boundValues(lab({ ...rest, config: { ...config, apps } }));
}

/** The example with hubs, with these in place of its own. */
export function boundHubs(hubs: JsonObject): BoundLab {
  const read = readEnvironment(stackFile(join(ROOT, "examples"), "jupyterhub"));
  return boundValues(lab({ ...read, config: configOf("jupyterhub", environmentWith({ ...hubs })) }));
}

/** The objects of a lab with plausible values. */
export function boundValues(made: Lab): BoundLab {
  const manifests = made.deploy.objects.map(({ manifest }) => bindValues(manifest, plausible) as Manifest);
  return { ...made, manifests };
}

/** What the program would make or be given: only its form matters to an API server. */
function plausible({ kind, name }: Reference): string {
  return kind === "address" ? "203.0.113.10" : `value-of-${name}`;
}

/** Applies objects one after the other. @throws with what was refused, and every answer's object otherwise */
export async function applyAll(
  client: ApiClient,
  manifests: readonly Manifest[],
): Promise<readonly JsonObject[]> {
  const live: JsonObject[] = [];
  for (const manifest of manifests) live.push(accepted(manifest, await client.apply(manifest)));
  return live;
}

function accepted({ kind, metadata }: Manifest, { status, body }: Answer): JsonObject {
  if (status === 200 || status === 201) return body;
  const message = typeof body["message"] === "string" ? body["message"] : JSON.stringify(body);
  throw new Error(`${kind} ${metadata.namespace ?? ""}/${metadata.name}: ${String(status)} ${message}`);
}
