/**
 * The machines of a plan, as a user gets them: booted from the plan's own user data at the planned addresses, with the
 * plan's volumes. Only two things are different: software comes with the image, and what is known later has a value
 * made up here.
 */
import { parseEnvironment, planEnvironment } from "../../environments";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { findingText } from "../../../environment/findings";
import type { EnvironmentConfig } from "../../../environment/config";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { bindValues, referenceKey, type Reference } from "../../../values";
import { machines, userDataOf, type MachineConfig } from "../../../platform/machines";
import type { FileConfig } from "../../../platform/machines/config";
import { waitingUnits } from "../../../platform/machines/units";
import { ROOT } from "../../cli/command";
import { runs } from "../host/programs";
import { inScratch } from "../host/undo";
import type { MachineLab } from "./lab";
import type { Machine, MachineOptions } from "./machine";
import type { TestVolume } from "./volumes";

runs("ssh-keygen");

/** Smallest sizes that mkfs takes without complaint, in MiB. */
const VOLUME_SIZE = { ext4: 64, xfs: 320 } as const;

/** A value for what the plan knows by name only; the same in every run. */
export type Values = (reference: Reference) => string;

/** Prod, or another environment's file; its software comes with the image unless said otherwise. */
export function bakedPlan(...of: Parameters<typeof bakedConfig>): EnvironmentPlan {
  const planned = planEnvironment(bakedConfig(...of));
  if (!planned.ok) throw new Error(planned.findings.map(findingText).join("\n"));
  return planned.plan;
}

/** The configuration of `bakedPlan`. */
export function bakedConfig(
  file = "Pulumi.prod.yaml",
  name = "prod",
  software: "baked" | "repositories" = "baked",
): EnvironmentConfig {
  const content = parse(readFileSync(join(ROOT, file), "utf8")) as {
    readonly config: Readonly<Record<string, object>>;
  };
  const config = { ...content.config["labstead:environment"], software: { kind: software } };
  const parsed = parseEnvironment(name, config);
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  return parsed.config;
}

/** Ids are UUIDs, passwords have eight letters and digits, addresses are of a documentation network. */
export const madeUp: Values = (reference) => {
  const digest = createHash("sha256").update(referenceKey(reference)).digest("hex");
  if (reference.name.endsWith("/ssh-host.key")) return sshKey(reference.name).privateKey;
  if (reference.name === "machines/push.public") return sshKey(reference.name).publicKey;
  switch (reference.kind) {
    case "output":
      return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
    case "secret":
      // A WireGuard key has 32 bytes, which its programs look at.
      return reference.name.startsWith("wireguard")
        ? Buffer.from(digest, "hex").toString("base64")
        : digest.slice(0, 8);
    case "address":
      return `192.0.2.${String(Number.parseInt(digest.slice(0, 2), 16))}`;
  }
};

interface SshKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

const sshKeys = new Map<string, SshKey>();

/** sshd does not start with a key that is none; one for each name, for as long as the tests run. */
export function sshKey(name: string): SshKey {
  const known = sshKeys.get(name);
  if (known !== undefined) return known;
  const made = inScratch("ssh-key", (folder) => {
    const file = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
    return {
      privateKey: readFileSync(file, "utf8"),
      publicKey: readFileSync(`${file}.pub`, "utf8").trim(),
    };
  });
  sshKeys.set(name, made);
  return made;
}

export class PlannedMachines {
  readonly configs: ReadonlyMap<string, MachineConfig>;
  private readonly userData: ReadonlyMap<string, string>;
  private readonly volumes = new Map<string, TestVolume>();

  constructor(
    readonly lab: MachineLab,
    readonly plan: EnvironmentPlan,
    private readonly values: Values = madeUp,
  ) {
    this.configs = machines(plan);
    this.userData = userDataOf(plan, this.configs);
  }

  /** Boots a server of the plan by its key; its volumes are made the first time and kept. */
  async boot(key: string, options: Partial<MachineOptions> = {}): Promise<Machine> {
    const server = this.server(key);
    const prefix = this.plan.network.cidr.replace(/.*\//, "");
    return this.lab.boot({
      name: server.name,
      address: `${addressOf(server)}/${prefix}`,
      userData: this.bound(this.userData.get(key) ?? ""),
      volumes: await this.volumesOf(key),
      ...options,
    });
  }

  /** Boots a server and pushes its files. */
  async up(key: string, options: Partial<MachineOptions> = {}): Promise<Machine> {
    const machine = await this.boot(key, options);
    await this.push(key, machine);
    return machine;
  }

  /**
   * Stands in for what pushes sealed files over SSH: checked there, moved into place, applied; what waited for them is
   * to be started, whether it can on a test machine or not: the kernel's NFS server cannot.
   */
  async push(key: string, machine: Machine): Promise<void> {
    const config = this.configs.get(key);
    const applied = new Set<string>();
    for (const file of config?.files ?? []) {
      if (file.delivery.kind === "boot") continue;
      await this.place(machine, file);
      const { apply } = file.delivery;
      if (apply.kind !== "none") applied.add(apply.unit);
    }
    for (const unit of applied) await machine.must(["systemctl", "try-reload-or-restart", unit]);
    for (const { name } of waitingUnits(config?.units ?? []))
      await machine.must(["systemctl", "start", "--no-block", name]);
  }

  private async place(machine: Machine, file: FileConfig): Promise<void> {
    if (file.delivery.kind === "boot") return;
    // Under its own name: some programs look at it.
    const candidate = join("/run/candidates", basename(file.path));
    await machine.must(
      ["sh", "-c", `mkdir -p "$(dirname "$1")" "$(dirname "$2")" && cat > "$1"`, "sh", candidate, file.path],
      {
        input: this.bound(file.content),
      },
    );
    await machine.must(["chown", file.owner, candidate]);
    await machine.must(["chmod", file.mode, candidate]);
    const { validate } = file.delivery;
    if (validate !== undefined) await machine.must(validate.map((word) => word.replace("{}", candidate)));
    await machine.must(["mv", candidate, file.path]);
  }

  /** The stand-in of a volume of the plan. @throws Error before its server was booted */
  volume(key: string): TestVolume {
    const volume = this.volumes.get(key);
    if (volume === undefined) throw new Error(`volume ${key} was not made yet`);
    return volume;
  }

  /** Makes a volume before its server, to put something on it. */
  async makeVolume(key: string): Promise<TestVolume> {
    const known = this.volumes.get(key);
    if (known !== undefined) return known;
    const plan = this.plan.volumes.find((each) => each.key === key);
    const type = plan?.use.kind === "filesystem" ? plan.use.type : "ext4";
    const id = this.values({ kind: "output", name: `volume/${key}/id` });
    const volume = await this.lab.volume(id, VOLUME_SIZE[type]);
    this.volumes.set(key, volume);
    return volume;
  }

  private async volumesOf(key: string): Promise<readonly TestVolume[]> {
    const volumes = [];
    for (const each of this.server(key).volumes) volumes.push(await this.makeVolume(each));
    return volumes;
  }

  /** A text with its named values put in. */
  bound(text: string): string {
    return String(bindValues(text, this.values));
  }

  server(key: string): ServerPlan {
    const server = this.plan.servers.find((each) => each.key === key);
    if (server === undefined) throw new Error(`the plan has no server ${key}`);
    return server;
  }
}

export function addressOf({ key, address }: ServerPlan): string {
  if (address.kind !== "planned") throw new Error(`${key} has no planned address`);
  return address.ip;
}
