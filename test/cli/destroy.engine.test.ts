/** A destroy stops before data, reports what a killed one left, and is finished: on the built-in cloud and by the official CLI. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Faults } from "../../cli/rehearse/cloud";
import { CrashLab } from "./crash-lab";
import { differences, type Listing } from "./crash-listing";

const DESTROY = ["destroy", "lab", "--with-data", "--", "--yes", "--skip-preview"];

const lab = new CrashLab();
/** Likewise, for destroys that stop in the middle. */
let half: CrashLab;
let official: CrashLab;
/** Its cluster goes before it does. */
let lost: CrashLab;
afterAll(() => [lab, half, official, lost].forEach((each) => each.close()));

/** What there is with the lab. */
let whole: Listing;
let most = 0;

const PROTECTED = [
  "lab holds what is protected, nothing was changed:",
  "  cluster-ca (PrivateKey)",
  "  cluster-ca (SelfSignedCert)",
  "  container/backup (Container)",
  "  encryption-key (RandomPassword)",
  "  etcd-ca (PrivateKey)",
  "  etcd-ca (SelfSignedCert)",
  "  floating-ip/server/bastion/0 (FloatingIp)",
  "  floating-ip/vip/api (FloatingIp)",
  "  front-proxy-ca (PrivateKey)",
  "  front-proxy-ca (SelfSignedCert)",
  "  push (PrivateKey)",
  "  service-accounts (PrivateKey)",
  "  volume/workers.general/0/data (Volume)",
  "to destroy all of it, data and addresses included: ",
].join("\n");

/** What a fresh cluster has of itself. */
const FRESH_CLUSTER = 5;

/** The network cannot be deleted, as when another user has put something into it. */
const REFUSED: Faults = {
  faults: [
    {
      type: "openstack:networking/subnet:Subnet",
      operation: "delete",
      message: "409 Conflict: one or more ports have an IP allocation from this subnet",
    },
  ],
};

function expectNothing(of: CrashLab): void {
  expect(of.state.resources).toEqual([]);
  expect(of.listing.cloud.join("\n")).not.toContain("urn:pulumi");
  expect(of.listing.cluster).toHaveLength(FRESH_CLUSTER);
}

beforeAll(async () => {
  await lab.succeed();
  whole = lab.listing;
  most = lab.count;
  half = new CrashLab(lab);
  official = new CrashLab(lab);
  lost = new CrashLab(lab);
});

test("a destroy names everything that is protected, and touches nothing", async () => {
  expect(await lab.rehearse("--destroy")).toEqual({
    code: 1,
    output: `${PROTECTED}labstead rehearse lab --destroy --with-data\n`,
  });
  expect(await lab.official(["destroy", "lab"])).toEqual({
    code: 1,
    output: `${PROTECTED}labstead destroy lab --with-data\n`,
  });
  expect(differences(lab.listing, whole)).toEqual([]);
});

test("after a kill every verb reports what to run, and does nothing", async () => {
  const middle = lab.reached((count) => count < most / 2);
  expect(await lab.killed(["--destroy", "--with-data"], middle, { cloud: false })).toBe(true);
  const held = "lab is locked by \\S+@\\S+ \\(pid \\d+, since \\S+Z\\), a run that was killed; run: labstead";
  for (const verb of [[], ["--destroy", "--with-data"], ["--preview"], ["--refresh"]]) {
    const { code, output } = await lab.rehearse(...verb);
    expect({ verb, code }).toEqual({ verb, code: 1 });
    expect(output).toMatch(new RegExp(`^${held} rehearse lab --recover\\n$`));
  }
  const { code, output } = await lab.official(["up", "lab"]);
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^${held} recover lab\\n$`));
});

test("a half destroyed lab is put in order and destroyed by the official CLI; nothing is left", async () => {
  const { code, output } = await lab.official(["recover", "lab"]);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(/^lab: the lock of .* was removed: its process has ended\n/);
  expect(output).toMatch(/\nlab: in order; go on with: labstead up lab\n$/);
  expect(lab.flaws).toEqual([]);
  expect(await lab.rehearse("--recover")).toEqual({
    code: 0,
    output: "lab: no operation is open\nlab: in order; go on with: labstead rehearse lab\n",
  });
  expect(await lab.official(DESTROY)).toMatchObject({ code: 0 });
  expectNothing(lab);
});

test("a destroy that a service refuses in the middle is finished by the same command", async () => {
  const faults = half.faultsFile(REFUSED);
  const stopped = await half.rehearse("--destroy", "--with-data", "--faults", faults);
  expect(stopped.code).toBe(1);
  expect(stopped.output).toContain(REFUSED.faults?.[0]?.message);
  expect(stopped.output).toMatch(
    /\ndestroy failed; what was done stays, and the same command goes on from there\n$/,
  );
  expect(half.flaws).toEqual([]);
  expect(half.count).toBeLessThan(most);
  await half.succeed("--destroy", "--with-data");
  expectNothing(half);
});

test("likewise by the official CLI, which says how to protect again", async () => {
  const stopped = await official.official(DESTROY, REFUSED);
  expect(stopped.code).not.toBe(0);
  expect(stopped.output).toContain(REFUSED.faults?.[0]?.message);
  expect(stopped.output).toContain(
    "\nthe protection of lab was taken off; labstead up lab puts it back\nif an earlier run was killed: labstead recover lab\n",
  );
  expect(official.flaws).toEqual([]);
  expect(await official.official(DESTROY)).toMatchObject({ code: 0 });
  expectNothing(official);
});

test("a lab whose cluster is gone for good is destroyed with the option for it", async () => {
  rmSync(join(lost.folder, ".labstead/cloud/kubernetes.jsonl"));
  const { cloud } = lost.listing;
  const stopped = await lost.official(DESTROY);
  expect(stopped.code).not.toBe(0);
  expect(stopped.output).toContain("configured Kubernetes cluster is unreachable");
  expect(stopped.output).toContain(
    "\nif the cluster does not answer and never will: labstead destroy lab --without-cluster, which removes its objects from the state only\n",
  );
  expect(lost.listing.cloud).toEqual(cloud);
  const [verb = "", ...rest] = DESTROY;
  expect(await lost.official([verb, "--without-cluster", ...rest])).toMatchObject({ code: 0 });
  expect(lost.state.resources).toEqual([]);
  expect(lost.listing.cloud.join("\n")).not.toContain("urn:pulumi");
});
