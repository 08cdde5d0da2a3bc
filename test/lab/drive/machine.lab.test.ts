/**
 * A drive in a machine with Debian's kernel: quotas of XFS, and homes mounted by the kernel's own NFS client with the mount
 * options of the drive's volumes.
 */
import { DRIVE_MOUNT } from "../../../apps/hub/drive/volume";
import { hubPlan, NATIVE } from "../../apps/hub/hubs";
import { observeInMachine, type Step } from "./scene";

const ADA = "100000";
const GRACE = "100001";

/** Each step with what it is expected to see. */
const EXPECTED: readonly (readonly [step: Step, sees: unknown])[] = [
  [["layout"], null],
  [["up"], null],
  [
    ["ask", "PUT", "/homes/ada", ""],
    [200, { uid: 100_000 }],
  ],
  [
    ["ask", "PUT", "/homes/grace", ""],
    [200, { uid: 100_001 }],
  ],
  [
    ["mount", DRIVE_MOUNT.join(",")],
    [
      "nfs4",
      expect.stringMatching(
        /^rw,nosuid,nodev,noatime,vers=4\.2,.*softerr,.*noresvport,.*timeo=600,retrans=5/,
      ),
    ],
  ],
  // Each person writes at home alone, and root of a node nowhere.
  [["user", ADA, 100, "echo mine > ada/notes; cat ada/notes"], "mine"],
  [["user", GRACE, 100, "echo hers > ada/more"], "Permission denied"],
  [["user", 0, 0, "mkdir made-by-the-kubelet"], "Permission denied"],
  // A full home is full for its owner, by every way of writing, and for nobody else.
  [["user", ADA, 100, "fallocate --length 1000M ada/large; echo there"], "there"],
  [
    ["user", ADA, 100, "dd if=/dev/zero of=ada/more bs=1M count=40 conv=fsync status=none"],
    "No space left on device",
  ],
  [["user", ADA, 100, "fallocate --length 100M ada/another"], "No space left on device"],
  [["user", GRACE, 100, "fallocate --length 900M grace/large; echo there"], "there"],
  [["user", ADA, 100, "rm ada/large ada/more; fallocate --length 500M ada/again; echo there"], "there"],
  // A program that works while the drive restarts waits for it, and loses nothing.
  [
    ["work", ADA, 100, "for n in 1 2 3 4 5 6 7 8 9 10; do echo $n >> ada/log; sync ada/log; sleep 0.5; done"],
    null,
  ],
  [["down"], null],
  [["up"], null],
  [["worked"], 0],
  [["user", ADA, 100, "tr '\\n' ' ' < ada/log"], "1 2 3 4 5 6 7 8 9 10"],
  // The limit is there after the restart, though nothing has asked for the home.
  [["user", ADA, 100, "fallocate --length 600M ada/more"], "No space left on device"],
  [["unmount"], null],
  [["down"], null],
];

test("homes with quotas, mounted by a kernel, through a restart of the drive", async () => {
  const plan = hubPlan({ ...NATIVE, homes: { kind: "drive", owner: "own-uid", size: "4Gi", quota: "1Gi" } });
  const steps = EXPECTED.map(([step]) => step);
  const seen = await observeInMachine(plan, steps);
  expect(steps.map((step, index) => [step, seen[index]])).toEqual(EXPECTED);
});
