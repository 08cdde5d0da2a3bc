/** Exports the home of a person who leaves: a Job in the cluster stores it, so that no file passes through the caller. */
import { setTimeout as pause } from "node:timers/promises";
import { HOME_VARIABLES } from "../../apps/hub/home-copies/home-copies";
import { homeTaskEndpoint, homeTaskNamespace } from "../../apps/hub/home-copies/endpoints";
import { homeFolder } from "../../apps/hub/home-copies/folders";
import type { HubPlan } from "../../apps/hub/plan";
import { fieldOf, isJsonObject, listAt, type JsonObject } from "../../deploy/manifest";
import { UserError } from "../shared/failure";
import { kubectl, type KubectlOptions } from "./kubectl";

/** A home, as the hub's database has it. */
export interface Home {
  /** The person's folder, where all homes have one volume. */
  readonly folder: string;
  /** Volumes of the person, where everybody has an own one. */
  readonly claims: readonly string[];
}

const ASK_EVERY = 2000;

/** @returns what was stored. @throws UserError with what the Job said; nothing is deleted then */
export async function exportHome(
  plan: HubPlan,
  { folder, claims }: Home,
  options: Omit<KubectlOptions, "input">,
): Promise<readonly string[]> {
  if (plan.backups === undefined)
    throw new UserError("there is no object store to export to; write apps.hub.backups, and run up");
  if (plan.homes.kind !== "claim") {
    const variables = { exported: `${homeFolder(plan.homes)}/${folder}`, exportName: folder };
    return [await runJob(plan, variables, undefined, options)];
  }
  const said = [];
  for (const claim of claims) said.push(await runJob(plan, { exportName: claim }, claim, options));
  return said;
}

type Variables = Partial<Record<keyof typeof HOME_VARIABLES, string>>;

async function runJob(
  plan: HubPlan,
  variables: Variables,
  claim: string | undefined,
  options: Omit<KubectlOptions, "input">,
): Promise<string> {
  const namespace = homeTaskNamespace(plan.namespace, plan.homes);
  const ask = (args: readonly string[], input = ""): Promise<string> =>
    kubectl(namespace, args, { ...options, input });
  const template = JSON.parse(
    await ask(["get", "cronjob", homeTaskEndpoint(namespace, "export").name, "--output=json"]),
  ) as unknown;
  const made = await ask(
    ["create", "--filename=-", "--output=name"],
    JSON.stringify(jobOf(template, variables, claim)),
  );
  const job = made.trim();
  const succeeded = await ended(() => ask(["get", job, "--output=json"]));
  const log = (await ask(["logs", job])).trim();
  if (!succeeded) throw new UserError(`${job} in ${namespace} failed, and the home stays as it is: ${log}`);
  await ask(["delete", job]);
  return log;
}

/** The Job of a CronJob, with other variables, and another claim. */
function jobOf(cronJob: unknown, variables: Variables, claim: string | undefined): JsonObject {
  const name = fieldOf(cronJob, "metadata", "name");
  const { metadata, spec } = fieldOf(cronJob, "spec", "jobTemplate") as Record<string, JsonObject>;
  const template = fieldOf(spec, "template") as JsonObject;
  const pod = fieldOf(template, "spec") as JsonObject;
  const containers = listAt(pod, "containers").map((each) => ({
    ...(each as JsonObject),
    env: listAt(each, "env").map((variable) => replaced(variable as JsonObject, variables)),
  }));
  const volumes = listAt(pod, "volumes").map((volume) => ofClaim(volume as JsonObject, claim));
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...metadata, generateName: `${String(name)}-` },
    spec: { ...spec, template: { ...template, spec: { ...pod, containers, volumes } } },
  };
}

function replaced(variable: JsonObject, variables: Variables): JsonObject {
  for (const [key, value] of Object.entries(variables))
    if (variable["name"] === HOME_VARIABLES[key as keyof Variables]) return { ...variable, value };
  return variable;
}

function ofClaim(volume: JsonObject, claim: string | undefined): JsonObject {
  const source = volume["persistentVolumeClaim"];
  if (claim === undefined || !isJsonObject(source)) return volume;
  return { ...volume, persistentVolumeClaim: { ...source, claimName: claim } };
}

/** Whether it succeeded, once it has ended; its own deadline ends it. */
async function ended(get: () => Promise<string>): Promise<boolean> {
  for (;;) {
    const conditions = listAt(JSON.parse(await get()), "status", "conditions") as readonly JsonObject[];
    const is = (type: string): boolean =>
      conditions.some((each) => each["type"] === type && each["status"] === "True");
    if (is("Complete")) return true;
    if (is("Failed")) return false;
    await pause(ASK_EVERY);
  }
}
