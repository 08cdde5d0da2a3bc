/** A destroy stops before data, says what a killed one left, and is finished: on the built-in cloud and by the official CLI. */
import { CrashLab } from "./crash-lab";
import { differences, type Listing } from "./crash-listing";

const lab = new CrashLab();
afterAll(() => lab.close());

/** What there is with the lab. */
let whole: Listing;
let most = 0;

const PROTECTED = [
  "lab holds what is protected, nothing was changed:",
  "  cluster-ca (PrivateKey)",
  "  cluster-ca (SelfSignedCert)",
  "  floating-ip/server/bastion/0 (FloatingIp)",
  "  volume/workers.general/0/data (Volume)",
  "to destroy all of it, data and addresses included: ",
].join("\n");

beforeAll(async () => {
  await lab.succeed();
  whole = lab.listing;
  most = lab.count;
});

test("a destroy names everything that is protected, and touches nothing", async () => {
  expect(await lab.rehearse("--destroy")).toEqual({
    code: 1,
    output: `${PROTECTED}labstead rehearse lab --destroy --with-data\n`,
  });
  expect(await lab.official("destroy", "lab")).toEqual({
    code: 1,
    output: `${PROTECTED}labstead destroy lab --with-data\n`,
  });
  expect(differences(lab.listing, whole)).toEqual([]);
});

test("after a kill every verb says what to run, and does nothing", async () => {
  const half = lab.reached((count) => count < most / 2);
  expect(await lab.killed(["--destroy", "--with-data"], half, { cloud: false })).toBe(true);
  const held = "lab is locked by \\S+@\\S+ \\(pid \\d+, since \\S+Z\\), a run that was killed; run: labstead";
  for (const verb of [[], ["--destroy", "--with-data"], ["--preview"], ["--refresh"]]) {
    const { code, output } = await lab.rehearse(...verb);
    expect({ verb, code }).toEqual({ verb, code: 1 });
    expect(output).toMatch(new RegExp(`^${held} rehearse lab --recover\\n$`));
  }
  const { code, output } = await lab.official("up", "lab");
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^${held} recover lab\\n$`));
});

test("a half destroyed lab is put in order and destroyed by the official CLI; nothing is left", async () => {
  const { code, output } = await lab.official("recover", "lab");
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(/^lab: the lock of .* was removed: that run is dead\n/);
  expect(output).toMatch(/\nlab: in order; go on with: labstead up lab\n$/);
  expect((await lab.rehearse("--recover")).output).toBe(
    "lab: no operation is open\nlab: in order; go on with: labstead rehearse lab\n",
  );
  const rest = await lab.official("destroy", "lab", "--with-data", "--", "--yes", "--skip-preview");
  expect(rest).toMatchObject({ code: 0 });
  expect(lab.state.resources).toEqual([]);
  expect(lab.listing.cloud.join("\n")).not.toContain("urn:pulumi");
});
