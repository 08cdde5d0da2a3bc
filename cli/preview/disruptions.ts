/** Changes that interrupt what runs although they replace nothing: allowed ones of the guard, and pods that stop first. */
import { fieldOf, type Manifest } from "../../deploy/manifest";
import type { DeployPlan } from "../../deploy/plan";
import type { Lab } from "../../lab";
import type { Change } from "../../provider/change-guard/change";
import { judge } from "../../provider/change-guard/judge";
import type { Disruption } from "../../review/preview/types";
import { guardedResources } from "../../stack/changes";
import { HOLDERS } from "../../stack/holders";

export function disruptions(base: Lab | undefined, head: Lab | undefined): readonly Disruption[] {
  if (base === undefined || head === undefined) return [];
  return [...allowedChanges(base, head), ...interruptedPods(base.deploy, head.deploy)];
}

/** What `changes.allow` lets pass: refused without it, and not with it. */
function allowedChanges(base: Lab, head: Lab): readonly Disruption[] {
  const { records } = judge({}, { guarded: watched(base), allow: [], holders: HOLDERS });
  const guarded = watched(head);
  const all = judge(records, { guarded, allow: [], holders: HOLDERS }).refused;
  const refused = judge(records, { guarded, allow: head.plan.allowedChanges, holders: HOLDERS }).refused;
  const stays = new Set(refused.map(identity));
  return all
    .filter((each) => !stays.has(identity(each)))
    .map((each) => ({ text: changeText(each), note: "allowed by changes.allow" }));
}

function watched({ plan, infra, machines, partOfChart }: Lab) {
  const formedByServers = plan.cluster.kind === "own";
  return guardedResources({ plan, infra, machines, partOfChart, formedByServers });
}

function identity({ key, name }: Change): string {
  return `${key} ${name}`;
}

function changeText({ key, fact, was }: Change): string {
  const values = fact.opaque === true ? "" : `${fact.at}: ${was === "" ? "unset" : was} → ${fact.value} `;
  return `${values}${fact.effect} ${key}`;
}

/** Workloads whose only pod ends before the next one runs. */
function interruptedPods(base: DeployPlan, head: DeployPlan): readonly Disruption[] {
  const before = new Map(base.objects.map(({ identity: name, manifest }) => [name, manifest]));
  return head.objects.flatMap(({ identity: name, manifest }) => {
    const was = before.get(name);
    if (was === undefined || samePods(was, manifest)) return [];
    const note = endsFirst(manifest);
    return note === undefined ? [] : [{ text: `pods of ${name.replace(/^[^/ ]*\//, "")}`, note }];
  });
}

function samePods(was: Manifest, is: Manifest): boolean {
  const pods = (manifest: Manifest) => JSON.stringify(fieldOf(manifest, "spec", "template") ?? null);
  return pods(was) === pods(is);
}

/** Why nobody answers for a moment; undefined for pods that are exchanged one after the other. */
function endsFirst(manifest: Manifest): string | undefined {
  const alone = (fieldOf(manifest, "spec", "replicas") ?? 1) === 1;
  switch (manifest.kind) {
    case "Deployment":
      return fieldOf(manifest, "spec", "strategy", "type") === "Recreate"
        ? "strategy Recreate: all pods end first"
        : undefined;
    case "StatefulSet":
      return alone ? "its only pod ends before the next one runs" : undefined;
    default:
      return undefined;
  }
}
