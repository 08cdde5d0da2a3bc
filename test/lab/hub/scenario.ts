/** Runs a scenario of a hub: its charts' own configuration and command lines, in a network of its own. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hubSettings } from "../../../apps/hub/settings";
import type { HubPlan } from "../../../apps/hub/plan";
import { fieldOf, listAt } from "../../../deploy/manifest";
import { SECRET_VARIABLES } from "../../../apps/hub/secrets";
import { traitletsFile } from "../../../kit";
import { hubManifests } from "../../apps/hub/hubs";
import { containersOf, ofKind, type Container } from "../../apps/manifests";
import { runs } from "../host/programs";
import { inScratch } from "../host/undo";
import { hubPython, proxyProgram, type HubVersion } from "./python";

// The scenarios themselves start the last two.
runs("unshare", "ip", "mount");

/** What the program would generate or be reported. */
const SECRETS = {
  [SECRET_VARIABLES.proxyToken]: "proxy-token-of-the-test",
  [SECRET_VARIABLES.cookieSecret]: "ab".repeat(32),
  [SECRET_VARIABLES.cryptKey]: "cd".repeat(32),
  [SECRET_VARIABLES.ltiSecret]: "lti-secret-of-the-test",
  [SECRET_VARIABLES.clientSecret]: "client-secret-of-the-test",
  [SECRET_VARIABLES.peopleToken]: "people-token-of-the-test",
  [SECRET_VARIABLES.metricsToken]: "metrics-token-of-the-test",
};

export interface Scenario {
  /** A script of this folder. */
  readonly name: string;
  /** The hub whose command lines are used. */
  readonly plan: HubPlan;
  /** Configurations by their file, which the script names. */
  readonly configs: Readonly<Record<string, HubPlan>>;
  /** Whatever else the script reads. @default nothing */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** @returns what the script saw. @throws Error with what it said */
export function observe(version: HubVersion, { name, plan, configs, more = {} }: Scenario): unknown {
  const python = hubPython(version);
  return inScratch("hub", (folder) => {
    for (const [file, each] of Object.entries(configs))
      writeFileSync(join(folder, file), traitletsFile(hubSettings(each)));
    const settings = join(folder, "settings.json");
    writeFileSync(settings, JSON.stringify({ ...settingsOf(plan, folder), ...more }));
    const script = join(__dirname, `${name}.py`);
    const isolated = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const { status, stdout, stderr } = spawnSync("unshare", [...isolated, python, script, settings], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${name} with JupyterHub ${version}:\n${stderr}`);
    return JSON.parse(stdout) as unknown;
  });
}

/** Plain variables of a CronJob of the hub. */
export function jobVariables(plan: HubPlan, name: string): Readonly<Record<string, string>> {
  const job = ofKind(hubManifests(plan), "CronJob").find(({ metadata }) => metadata.name === name);
  const template = fieldOf(job, "spec", "jobTemplate", "spec", "template", "spec");
  const [container] = listAt(template, "containers");
  return plainVariables(container as Container);
}

function settingsOf(plan: HubPlan, folder: string): object {
  const containers = ofKind(hubManifests(plan), "Deployment").flatMap(containersOf);
  const [hub, proxy] = ["hub", "chp"].map((name) => containers.find((each) => each.name === name));
  if (hub?.args === undefined || proxy?.args === undefined) throw new Error("a hub has two Deployments");
  return {
    folder,
    path: plan.path,
    hubArgs: hub.args,
    configPath: hub.args[hub.args.indexOf("--config") + 1],
    proxyArgs: proxy.args,
    proxyProgram: proxyProgram(),
    node: process.execPath,
    environment: { ...SECRETS, ...plainVariables(hub) },
  };
}

/** Variables without secrets; the programs' home is that of the test. */
export function plainVariables({ env = [] }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(
    env.flatMap(({ name, value }) =>
      value === undefined || name === "HOME" ? [] : [[name, value] as const],
    ),
  );
}
