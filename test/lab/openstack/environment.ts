/** One environment's infrastructure, brought up by the real engine on the real OpenStack. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

import { findingText } from "../../../environment/findings";
import { parseEnvironment } from "../../../environment/parse";
import { planEnvironment } from "../../../environment/plan/plan";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { describe as describeInfra } from "../../../infra/describe";
import { register } from "../../../infra/register";
import { startCloud, type Cloud } from "../../../rehearsal/cloud";
import { Engine, type Changes, type RunOptions } from "../../../rehearsal/engine";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import type { OpenStackLab } from "./openstack-lab";

const ROOT = resolve(__dirname, "../../..");

export type Json = { readonly [key: string]: unknown };

/** The environment of a stack file, `examples/datalabs` or `Pulumi.prod`, before it is checked. */
export function configured(file: string): Json {
  const content = parse(readFileSync(join(ROOT, `${file}.yaml`), "utf8")) as { readonly config: Json };
  return content.config["labstead:environment"] as Json;
}

export function planOf(name: string, config: Json): EnvironmentPlan {
  const parsed = parseEnvironment(name, config);
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  const result = planEnvironment(parsed.config);
  if (!result.ok) throw new Error(result.findings.map(findingText).join("\n"));
  return result.plan;
}

/** What the tests put into a server's user data. */
export function userDataOf({ name }: { readonly name: string }): string {
  return `#cloud-config\nhostname: ${name}\n`;
}

/** Changes of OpenStack's resources in an operation. */
export interface Done {
  readonly changes: Changes;
  /** `create server/workers.general/0`, in the order in which they began. */
  readonly steps: readonly string[];
  readonly seconds: number;
}

export class LabEnvironment {
  private constructor(
    private readonly folder: string,
    private readonly cloud: Cloud,
    private readonly engine: Engine,
    private readonly current: { plan: EnvironmentPlan },
  ) {}

  /** @param project of the lab, also the entry of clouds.yaml */
  static async open(lab: OpenStackLab, project: string, plan: EnvironmentPlan): Promise<LabEnvironment> {
    const folder = mkdtempSync(join(tmpdir(), "labstead-infra-"));
    const current = { plan };
    const cloud = await startCloud({
      directory: join(folder, "cloud"),
      openstack: { kind: "real", cloud: project, cloudsFile: lab.cloudsFile },
    });
    const engine = await Engine.open({
      directory: join(folder, "work"),
      pulumi: pulumiExecutable(),
      source: { project: "labstead", stack: project },
      program: async () => {
        const described = describeInfra(current.plan, { userData: userDataOf });
        return Promise.resolve({ servers: Object.fromEntries(register(current.plan, described).servers) });
      },
      debugProviders: cloud.debugProviders,
    });
    return new LabEnvironment(folder, cloud, engine, current);
  }

  /** The plan from now on. */
  plan(plan: EnvironmentPlan): void {
    this.current.plan = plan;
  }

  preview(): Promise<Done> {
    return watched((run) => this.engine.preview(run));
  }

  /** @param onStep told each step as it begins, as in `steps` */
  up(onStep?: (step: string) => void): Promise<Done> {
    return watched((run) => this.engine.up(run), onStep);
  }

  refresh(): Promise<Done> {
    return watched((run) => this.engine.refresh(run));
  }

  /** Takes what is protected along. */
  async destroy(): Promise<Done> {
    await this.engine.unprotect();
    return watched((run) => this.engine.destroy(run));
  }

  /** Addresses of the servers, as the infrastructure tells them to those who build on it. */
  async addresses(): Promise<Readonly<Record<string, string>>> {
    const servers = (await this.engine.outputs())["servers"]?.value as Readonly<
      Record<string, { readonly address: string }>
    >;
    return Object.fromEntries(Object.entries(servers).map(([key, { address }]) => [key, address]));
  }

  async close(): Promise<void> {
    await this.cloud.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function watched(
  operate: (run: RunOptions) => Promise<{ readonly changes: Changes }>,
  onStep: (step: string) => void = () => undefined,
): Promise<Done> {
  const began = Date.now();
  const steps: string[] = [];
  const { changes } = await operate({
    onEvent: ({ resourcePreEvent: event }) => {
      if (event?.metadata.type.startsWith("openstack:") !== true || event.metadata.op === "same") return;
      const step = `${event.metadata.op} ${event.metadata.urn.split("::").slice(3).join("::")}`;
      steps.push(step);
      onStep(step);
    },
  });
  return { changes, steps, seconds: (Date.now() - began) / 1000 };
}
