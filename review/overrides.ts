/** Overrides that match nothing. */
import type { DeployPlan } from "../deploy/plan";
import { finding, type Finding } from "../environment/findings";
import { nearest } from "../environment/nearest";
import type { InfraResource } from "../infra/types";
import type { LabOverrides } from "../lab-overrides";
import type { MachineConfig } from "../platform/machines";
import { isNamed, type MachineOverrides } from "../platform/machines/override";

/** Targets of overrides in an environment. */
export interface Overridable {
  readonly infra: readonly InfraResource[];
  readonly machines: ReadonlyMap<string, MachineConfig>;
  readonly deploy: DeployPlan;
}

/** A warning for each override that matches nothing of this environment: usually it is misspelt. */
export function unmatchedOverrides(overrides: LabOverrides, lab: Overridable): readonly Finding[] {
  const { resources = {}, machines = {}, objects = {} } = overrides;
  const types = [...new Set(lab.infra.map(({ type }) => type))];
  const identities = lab.deploy.objects.map(({ identity }) => identity);
  return [
    ...Object.keys(resources).flatMap((type) => unmatched(["resources", type], types)),
    ...Object.entries(machines).flatMap(([key, files]) => unmatchedFiles(key, files, lab.machines)),
    ...Object.keys(objects).flatMap((identity) => unmatched(["objects", identity], identities)),
  ];
}

function unmatchedFiles(
  key: string,
  files: MachineOverrides[string],
  machines: Overridable["machines"],
): readonly Finding[] {
  const servers = [...machines.keys()];
  const named = servers.filter((server) => isNamed(server, key));
  if (named.length === 0) return unmatched(["machines", key], [...servers, ...servers.map(poolOf)]);
  const paths = named.flatMap((server) => machines.get(server)?.files.map(({ path }) => path) ?? []);
  return Object.keys(files).flatMap((path) => unmatched(["machines", key, path], paths));
}

function poolOf(server: string): string {
  return server.slice(0, server.lastIndexOf("/"));
}

/** The last key of the path, if it does not exist. */
function unmatched(path: readonly string[], known: readonly string[]): readonly Finding[] {
  const [key = ""] = path.slice(-1);
  if (known.includes(key)) return [];
  const near = nearest(key, [...new Set(known)]);
  const at = `overrides${path.map((each) => `[${JSON.stringify(each)}]`).join("")}`;
  const fix = near === undefined ? "correct its key, or remove it" : `did you mean ${near}?`;
  return [finding("override.unmatched", at, "matches nothing of this environment", fix)];
}
