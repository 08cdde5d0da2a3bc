/** Single parts of the gateway's program, with what they must not confuse. */
import { join } from "node:path";

const PROGRAMS = join(__dirname, "../../../../apps/user-pods/gateway/programs");

/** The program is JavaScript, which runs without a build. */
const { podState } = jest.requireActual<{ podState: (deployment: object, pods: object[]) => object }>(
  join(PROGRAMS, "pod-state.js"),
);
const { webSocketUse } = jest.requireActual<{ webSocketUse: (used: () => void) => (bytes: Buffer) => void }>(
  join(PROGRAMS, "activity.js"),
);
const { escaped } = jest.requireActual<{ escaped: (value: string) => string }>(join(PROGRAMS, "ldap.js"));
const { safePath } = jest.requireActual<{ safePath: (url: string) => string }>(join(PROGRAMS, "identity.js"));
const { duration } = jest.requireActual<{ duration: (milliseconds: number) => string }>(
  join(PROGRAMS, "page.js"),
);
const { Sessions } = jest.requireActual<{
  Sessions: new (
    secret: string,
    seconds: number,
  ) => { begin: (name: string) => string; nameOf: (cookie?: string) => string | undefined };
}>(join(PROGRAMS, "sessions.js"));

const deployment = (replicas: number, status: object = {}) => ({ spec: { replicas }, status });
const pod = (status: object) => ({ metadata: {}, status });
const waits = (reason: string, message?: string) =>
  pod({ containerStatuses: [{ state: { waiting: { reason, message } } }] });
const refused = (message: string) =>
  deployment(1, { conditions: [{ type: "ReplicaFailure", status: "True", message }] });

test.each<readonly [string, object, object[], object]>([
  ["stopped", deployment(0), [], { kind: "stopped" }],
  ["about to end", deployment(0), [pod({})], { kind: "stopping" }],
  ["ready", deployment(1, { readyReplicas: 1 }), [pod({})], { kind: "ready" }],
  ["not made yet", deployment(1), [], { kind: "starting", waits: "Kubernetes makes the pod." }],
  [
    "over the quota",
    refused("exceeded quota: namespace-quota"),
    [],
    {
      kind: "starting",
      waits: "No more pods may run at once. It starts as soon as another one is stopped.",
      detail: "exceeded quota: namespace-quota",
    },
  ],
  [
    "refused by a rule",
    refused('pods "uid1" is forbidden: violates PodSecurity'),
    [],
    {
      kind: "starting",
      waits: "A rule of the cluster refuses the pod. Ask the operators of the lab.",
      detail: 'pods "uid1" is forbidden: violates PodSecurity',
    },
  ],
  [
    "without a node",
    deployment(1),
    [pod({ conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }] })],
    {
      kind: "starting",
      waits: "No node has room for it now. It starts as soon as one has.",
      detail: "0/3 nodes are available",
    },
  ],
  [
    "without its volume",
    deployment(1),
    [
      pod({
        conditions: [
          { type: "PodScheduled", status: "False", message: 'persistentvolumeclaim "data" not found' },
        ],
      }),
    ],
    {
      kind: "starting",
      waits: "Its storage is not ready.",
      detail: 'persistentvolumeclaim "data" not found',
    },
  ],
  [
    "without its image",
    deployment(1),
    [waits("ImagePullBackOff", "Back-off pulling image")],
    {
      kind: "starting",
      waits: "Its image cannot be fetched. Ask the operators of the lab.",
      detail: "Back-off pulling image",
    },
  ],
  [
    "with a program that ends",
    deployment(1),
    [waits("CrashLoopBackOff")],
    {
      kind: "starting",
      waits: "Its program ends again and again. Ask the operators of the lab.",
      detail: "CrashLoopBackOff",
    },
  ],
  [
    "prepared",
    deployment(1),
    [waits("ContainerCreating")],
    { kind: "starting", waits: "Its node prepares images and volumes." },
  ],
  ["at its start", deployment(1), [pod({})], { kind: "starting", waits: "Its programs start." }],
])("a pod that is %s", (_, given, pods, state) => {
  expect(podState(given, pods)).toEqual(state);
});

/** A masked frame with content of a size. */
function frame(opcode: number, size: number): Buffer {
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (size < 126 ? size : size < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  // The content looks like frames of text.
  return Buffer.concat([head, Buffer.alloc(4), Buffer.alloc(size, 0x81)]);
}

test.each([1, 7, 100_000])("frames with content count, in pieces of %d bytes, and pings do not", (piece) => {
  let count = 0;
  const take = webSocketUse(() => (count += 1));
  const bytes = Buffer.concat([
    ...[frame(0x9, 100), frame(0x1, 5), frame(0xa, 0), frame(0x2, 70_000), frame(0x0, 200), frame(0x8, 2)],
  ]);
  for (let at = 0; at < bytes.length; at += piece) take(bytes.subarray(at, at + piece));
  expect(count).toBe(3);
});

test("a name cannot change the entry that is asked", () => {
  expect(escaped("ada")).toBe("ada");
  expect(escaped("ada,ou=admins")).toBe("ada\\2cou\\3dadmins");
  expect(escaped("Ω+\0")).toBe("\\ce\\a9\\2b\\00");
});

test.each([
  ["/uid1/a?b=/c", "/uid1/a?b=/c"],
  ["//evil.example.net/", "/"],
  ["/\\evil.example.net", "/"],
  ["https://evil.example.net", "/"],
  ["/sign-in?page=/", "/"],
  ["/a\nb", "/"],
])("after the sign-in %j leads to %s", (wanted, page) => {
  expect(safePath(wanted)).toBe(page);
});

test("a session is of the person to whom it was given, and of nobody after its end", () => {
  const sessions = new Sessions("a".repeat(64), 60);
  const [cookie = ""] = sessions.begin("ada").split(";");
  expect(sessions.begin("ada")).toContain("; Path=/; Secure; HttpOnly; SameSite=Lax");
  expect(sessions.nameOf(`other=1; ${cookie}`)).toBe("ada");
  const [name = "", value = ""] = cookie.split("=");
  const forged = Buffer.from(JSON.stringify({ name: "grace", until: Date.now() + 1e6 })).toString(
    "base64url",
  );
  for (const wrong of [undefined, "", `${name}=`, `${name}=${forged}.${value.split(".")[1] ?? ""}`])
    expect(sessions.nameOf(wrong)).toBeUndefined();
  expect(new Sessions("b".repeat(64), 60).nameOf(cookie)).toBeUndefined();
  expect(
    new Sessions("a".repeat(64), -1).nameOf(new Sessions("a".repeat(64), -1).begin("ada")),
  ).toBeUndefined();
  // Which of two is meant, nobody knows.
  expect(sessions.nameOf(`${cookie}; ${cookie}`)).toBeUndefined();
  expect(() => new Sessions("short", 60)).toThrow("fewer than 32 characters");
});

test.each([
  [20_000, "less than a minute"],
  [12 * 60_000, "12 min"],
  [60 * 60_000, "1 h"],
  [119 * 60_000, "1 h 59 min"],
])("%d ms are %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
