/**
 * A drive of a hub: the rendered configuration as NFS-Ganesha of Debian takes it, homes as the drive's program makes them,
 * and pods as the hub's spawner makes them after that. Clients are those of libnfs. Not covered: the mount of a kernel and
 * project quotas of XFS, which the kernel of a test machine may not have.
 */
import { hubPlan, NATIVE } from "../../apps/hub/hubs";
import type { Json } from "../../environment/configs";
import type { HubPlan } from "../../../apps/hub/plan";
import { HUB_VERSIONS, type HubVersion } from "../hub/python";
import { observeDrive, type Step } from "./scene";

const WITH_DATA: Json = { sharedDirectories: { data: { kind: "own", writers: { groups: ["curators"] } } } };
const plan = (homes: Json) => hubPlan({ ...NATIVE, ...WITH_DATA, homes: { kind: "drive", ...homes } });

/** Each step with what it is expected to see. */
type Expected = readonly (readonly [step: Step, sees: unknown])[];

const nfs = (who: string, export_: string, verb: string, path: string, text = ""): Step => {
  const [uid, gid] = who.split(":").map(Number);
  return ["nfs", uid, gid, export_, verb, path, text];
};

const pod = (user: number, name: string, data: "ro" | "rw"): unknown => ({
  user,
  group: 100,
  mounts: [`home/${name} /home/jovyan rw`, `shared/data /home/jovyan/shared/data ${data}`],
});

const UP: Expected = [
  [["layout"], null],
  [["up"], null],
];

/** What a drive refuses over NFS. */
const DENIED = "ACCESS";

const OWN: Expected = [
  ...UP,
  // A home is made before its server is, with an owner that nobody else has.
  [["spawn", { name: "ada" }], pod(100_001, "ada", "ro")],
  [["spawn", { name: "grace", groups: ["curators"] }], pod(100_002, "grace", "rw")],
  [["spawn", { name: "12345", admin: true }], pod(100_003, "x-12345---5994471a", "rw")],
  [["owner", "homes/ada"], "100001:100 711"],
  [["owner", "homes/ada/shared/data"], "100001:100 755"],
  // Each person writes at home alone, and a node's root, as which the kubelet mounts, nowhere.
  [nfs("100001:100", "/homes", "put", "/ada/notes", "mine"), ""],
  [nfs("100001:100", "/homes", "get", "/ada/notes"), "mine"],
  [nfs("100002:100", "/homes", "put", "/ada/more", "hers"), DENIED],
  [nfs("0:0", "/homes", "put", "/ada/more", "root's"), DENIED],
  [nfs("0:0", "/homes", "mkdir", "/made-by-the-kubelet"), DENIED],
  // Whoever may write a shared directory changes what others wrote.
  [nfs("100002:100", "/shared", "put", "/data/set", "first"), ""],
  [nfs("100003:100", "/shared", "put", "/data/more", "other"), ""],
  [["owner", "shared/data/set"], "1000:1000 600"],
  [nfs("100003:100", "/shared", "get", "/data/set"), "first"],
  // After a restart everybody has the same number, and nobody another's.
  [["down"], null],
  ...UP,
  [["spawn", { name: "marie" }], pod(100_004, "marie", "ro")],
  [["spawn", { name: "ada" }], pod(100_001, "ada", "ro")],
  [nfs("100001:100", "/homes", "get", "/ada/notes"), "mine"],
  // A link in place of a folder leads the drive nowhere.
  [["replace", "homes/ada/shared", "../grace"], null],
  [
    ["spawn", { name: "ada" }],
    expect.stringMatching(/^The drive made no home: .*(Not a directory|symbolic links).*'shared'$/),
  ],
  [["owner", "homes/grace"], "100002:100 711"],
  // Only the hub asks, for names that are names.
  [
    ["ask", "PUT", "/homes/eve", "guessed"],
    [401, { message: "another token is needed" }],
  ],
  [
    ["ask", "PUT", "/homes/..", ""],
    [400, { message: "write PUT /homes/<name>" }],
  ],
  [
    ["ask", "PUT", "/homes/a%2Fb", ""],
    [400, { message: "write PUT /homes/<name>" }],
  ],
  // The person sees why there is no server.
  [["stop", "homes"], null],
  [["spawn", { name: "ada" }], expect.stringMatching(/^The drive made no home: .*Connection refused/)],
];

const SHARED: Expected = [
  ...UP,
  [["spawn", { name: "ada" }], pod(1000, "ada", "ro")],
  [["owner", "homes/ada"], "1000:1000 711"],
  // Whoever comes is the user 1000: a server, and the kubelet.
  [nfs("1000:100", "/homes", "put", "/ada/notes", "mine"), ""],
  [nfs("0:0", "/homes", "mkdir", "/ada/folder"), ""],
  [["owner", "homes/ada/notes"], "1000:1000 600"],
  [["owner", "homes/ada/folder"], expect.stringMatching(/^1000:1000 /)],
  [nfs("0:0", "/homes", "mkdir", "/made-by-the-kubelet"), DENIED],
];

function sees(version: HubVersion, hub: HubPlan, expected: Expected): void {
  const steps = expected.map(([step]) => step);
  const seen = observeDrive(version, hub, steps);
  expect(steps.map((step, index) => [step, seen[index]])).toEqual(expected);
}

test.each(HUB_VERSIONS)(
  "homes with owners of their own, made before a server of JupyterHub %s starts",
  (version) => {
    sees(version, plan({ owner: "own-uid" }), OWN);
  },
);

test("homes that all belong to one user", () => {
  sees("5.5", plan({}), SHARED);
});

test("a quota on a volume that cannot count a folder: the drive's program ends, and says what is needed", () => {
  sees("5.5", plan({ quota: "10Gi" }), [
    [["layout"], null],
    [["make", "homes/ada"], null],
    [
      ["refused"],
      "the drive's volume cannot limit what a folder takes: its class has to make XFS with the mount option prjquota",
    ],
  ]);
});
