/**
 * Labs that people made on a real OpenStack become environments: one by hand, with its own names and the addresses of
 * DHCP, and one as terraform names and addresses it. The preview by the real engine is empty, and nothing was changed.
 */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { adoptionCode, adoptionText, type AdoptionReport } from "../../../cli/adopt/report";
import { startCloud } from "../../../cli/rehearse/cloud";
import { adoptedFile, type Adopted } from "../../../environment/adopted";
import { stackFile } from "../../../environment/stack-file";
import { Engine } from "../../../rehearsal/engine";
import { program } from "../../../stack/program";
import { labstead, type CommandResult } from "../../cli/command";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { runs } from "../host/programs";
import { setUp, type Undo } from "../host/undo";
import { BY_HAND, KEY, OFFICE, TERRAFORM } from "./existing-labs";
import { begun, OpenStackLab, type Inventory } from "./harness";
import { watched } from "./steps";

runs("python3");

interface Case {
  readonly stack: string;
  readonly made: object;
  readonly roles: readonly string[];
  readonly unplaced: readonly string[];
  /** Of `labstead:environment`. */
  readonly environment: object;
}

const unneeded = (rule: string) => `security group rule ${rule}: the environment does not need it`;

/** Of IPv6: Neutron gives it to every group. */
const unneededEgress = (group: string) => unneeded(`egress any to anywhere in ${group}`);

const CASES: readonly Case[] = [
  {
    stack: "hand-made",
    made: BY_HAND,
    roles: ["Kube Master=controlPlane", "node-*=workers.general"],
    unplaced: [
      expect.stringMatching(/^floating IP [\d.]+: it leads nowhere$/) as string,
      ...["network Physics", "router edge"].map(
        (thing) => `${thing}: network layer not adopted: the addresses of bastion and workers are mixed`,
      ),
      ...["cluster", "ssh from office"].map(unneededEgress),
      unneeded("ingress tcp 22 from group ssh from office in cluster"),
      "server mystery: its name says no role",
      "volume old results: it is attached to no server",
    ],
    environment: {
      network: { kind: "existing", name: "Physics", subnet: "physics sub", shared: true },
      keyPair: { kind: "managed", publicKey: KEY },
      access: { ssh: { from: [OFFICE] } },
      servers: {
        bastion: { flavor: "tiny", min: 1, floatingIp: true, overrides: { "0": { name: "jump" } } },
        workers: { general: { min: 2, volumes: { data: { size: "2Gi" } } } },
      },
    },
  },
  {
    stack: "terraform-made",
    made: TERRAFORM,
    roles: [],
    unplaced: [
      unneeded("ingress tcp 9100 from 10.20.0.0/24 in lab-workers"),
      ...Object.keys(TERRAFORM.groups).map(unneededEgress),
    ],
    environment: {
      network: {
        kind: "managed",
        cidr: "10.20.0.0/24",
        ranges: { workers: { start: "10.20.0.50", end: "10.20.0.52" } },
      },
      servers: {
        workers: {
          general: {
            min: 3,
            removed: [1],
            overrides: { "2": { name: "lab-worker-1" } },
          },
        },
      },
    },
  },
];

describe.each(CASES)("a lab made as $stack", ({ stack, made, roles, unplaced, environment }) => {
  let lab: OpenStackLab;
  let folder: string;
  let written: CommandResult;
  let report: AdoptionReport;
  let before: Inventory;
  let engine: Engine;
  let importIt: () => CommandResult;

  const adopt = (...options: readonly string[]) => {
    const chosen = roles.flatMap((role) => ["--role", role]);
    const login = { OS_CLOUD: stack, OS_CLIENT_CONFIG_FILE: lab.cloudsFile };
    return labstead(["adopt", stack, ...chosen, ...options], folder, login);
  };

  setUp(async (undo) => {
    lab = OpenStackLab.running();
    await lab.tenancies({ name: stack });
    folder = undo.folder("adopt");
    writeFileSync(join(folder, "lab.json"), JSON.stringify(made));
    await lab.existing(stack, join(folder, "lab.json"));
    before = await lab.inventory(stack);
    written = adopt("--write", "--json");
    report = JSON.parse(written.stdout) as AdoptionReport;
    ({ engine, importIt } = await opened(undo, lab, stack, folder));
  });

  const preview = () => watched((run) => engine.preview(run));
  const adoptedNow = () => JSON.parse(readFileSync(adoptedFile(folder, stack), "utf8")) as Adopted;
  const write = (adopted: Adopted) => writeFileSync(adoptedFile(folder, stack), JSON.stringify(adopted));

  test("becomes an environment without errors, and what has no place is named with the reason", () => {
    expect(report.errors).toEqual([]);
    expect(report.unread).toEqual([]);
    expect(report.environment).toMatchObject(environment);
    const lines = report.unplaced.map(({ kind, name, why }) => `${kind} ${name}: ${why}`).sort();
    expect(lines).toEqual([...unplaced].sort());
    for (const { way } of report.unplaced) expect(way).not.toBe("");
    expect([written.code, adoptionCode(report)]).toEqual([2, 2]);
    expect(adoptionText(report)).toContain(`${stack}: `);
  });

  test("files that exist are not replaced", () => {
    const { code, stderr } = adopt("--write");
    expect(code).toBe(1);
    expect(stderr).toContain(`Pulumi.${stack}.yaml exists already; move it away, nothing was written`);
  });

  test("is imported, and the preview is empty", async () => {
    const { stdout, code } = importIt();
    expect(code).toBe(0);
    expect(stdout.match(/: is in the state now \(/g)).toHaveLength(Object.keys(adoptedNow().imports).length);
    expect(importIt().stdout).toContain(`${stack}: everything is in the state already`);
    const done = await preview();
    expect(begun(done)).toEqual([]);
    // The guard against disruptive changes, which is in the state only, with its provider.
    expect(done.changes).toEqual({ create: 2, same: expect.any(Number) as number });
    await engine.up();
    const after = await preview();
    expect(Object.keys(after.changes)).toEqual(["same"]);
  });

  test("nothing of it was changed", async () => {
    expect(await lab.inventory(stack)).toEqual(before);
  });

  test("what is no longer kept changes in place, and what is no longer left out is made", async () => {
    const { kept, later, ...rest } = adoptedNow();
    // Its own name in the lab, which is changed without making it again.
    const [renamed = ""] = Object.entries(kept).flatMap(([key, inputs]) =>
      /^(volume|port)\//.test(key) && "name" in inputs ? [key] : [],
    );
    const { [renamed]: given, ...others } = kept;
    const { name: _, ...remaining } = given ?? {};
    const credential = later.find((key) => key.startsWith("application-credential/")) ?? "";
    write({
      ...rest,
      kept: { ...others, [renamed]: remaining },
      later: later.filter((key) => key !== credential),
    });
    expect([...begun(await preview())].sort()).toEqual([`create ${credential}`, `update ${renamed}`]);
    write({ ...rest, kept, later });
  });
});

/** The whole program on the files that were written. */
async function opened(
  undo: Undo,
  lab: OpenStackLab,
  stack: string,
  folder: string,
): Promise<{ readonly engine: Engine; readonly importIt: () => CommandResult }> {
  const openstack = { kind: "real", cloud: stack, cloudsFile: lab.cloudsFile } as const;
  const cloud = await startCloud({ directory: join(folder, "cloud"), openstack });
  undo.later(() => cloud.stop());
  const options = {
    directory: join(folder, "work"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: stackFile(folder, stack) },
    program: () => program({ directory: folder, overrides: {} }),
    debugProviders: cloud.debugProviders,
  };
  const engine = await Engine.open(options);
  const { directory, environment } = Engine.commandLine(options);
  copyFileSync(adoptedFile(folder, stack), adoptedFile(directory, stack));
  const login = { OS_CLOUD: stack, OS_CLIENT_CONFIG_FILE: lab.cloudsFile };
  const settings = { ...environment, ...login };
  return { engine, importIt: () => labstead(["adopt", stack, "--import"], directory, settings) };
}
