/** State in a real S3 server: a lab's life, two engineers at once, copies, loss, and what is reported when it cannot be read. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { setUp } from "./host/undo";
import { OfficialProject, type Running } from "./official/project";
import { KEYS, S3Server } from "./s3/server";

const STACK = "small";
const BUCKET = "lab-state";
const YES = ["--", "--yes", "--skip-preview"] as const;
/** Milliseconds for each operation of the cloud, where somebody is to be met at work. */
const LATENCY = 1_500;

/** As small as a lab gets: each step of a run writes the whole state, so the time grows with its square. */
const SMALL = {
  domain: "lab.example.org",
  image: "ubuntu-24.04",
  network: { kind: "managed", cidr: "10.20.0.0/24" },
  keyPair: { kind: "existing", name: "lab" },
  access: { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } },
  servers: {
    bastion: { flavor: "m1.small", floatingIp: true },
    gateway: { flavor: "m1.small", min: 1 },
    controlPlane: { flavor: "m1.large", min: 1 },
    workers: { clustertools: { flavor: "m1.large", min: 1, max: 2 } },
  },
  cluster: { kind: "own", cni: { kind: "flannel" } },
  edge: { kind: "haproxy", on: "gateway" },
  ingress: { kind: "traefik" },
};

let folder: string;
let s3: S3Server;
let project: OfficialProject;

function settings(more: object = {}): object {
  return { labstead: { state: { kind: "s3", bucket: BUCKET, endpoint: s3.endpoint, ...more } } };
}

setUp(async (undo) => {
  folder = undo.folder("state");
  s3 = undo.use(await S3Server.start(folder, console.log));
  await s3.makeBucket(BUCKET, { versioning: true });
  await s3.makeBucket("no-versions", { versioning: false });
  const stackFile = join(folder, "environment.yaml");
  const guard = { "pulumi:disable-default-providers": ["kubernetes", "labstead", "openstack"] };
  writeFileSync(stackFile, stringify({ config: { ...guard, "labstead:environment": SMALL } }));
  project = undo.use(await OfficialProject.open(STACK, stackFile, settings()));
  Object.assign(project.environment, KEYS);
  await project.startCloud();
});

/** Where the engine keeps something of the stack, in the server's own folder. */
function inBucket(path: string): string {
  return join(s3.objects, BUCKET, ".pulumi", path);
}

interface Lock {
  readonly pid: number;
  readonly timestamp: string;
}

async function lockOf(running: Running): Promise<Lock> {
  // Taking the protection off takes the lock for a moment; the long one is the destroy's.
  await new Promise<void>((resolve) =>
    running.child.stdout?.on("data", (text: Buffer) => {
      if (text.includes(" deleting ")) resolve();
    }),
  );
  const [text] = await s3.texts(BUCKET, `.pulumi/locks/organization/labstead/${STACK}/`);
  if (text === undefined) throw new Error("nobody holds the lock");
  return JSON.parse(text) as Lock;
}

/** What the one at work looks like to the other. */
function holderOf({ pid, timestamp }: Lock): string {
  const since = timestamp.replace(/\.\d+/, "");
  return `${userInfo().username}@${hostname()} (pid ${String(pid)}, since ${since})`;
}

function backups(): readonly string[] {
  return readdirSync(join(project.folder, "state-backup")).map((name) => `state-backup/${name}`);
}

test("before the choice is used nothing is touched", async () => {
  const { code, output } = await project.labstead("up", STACK);
  expect(code).toBe(1);
  expect(output).toBe(
    `backend.url of Pulumi.yaml is missing, labstead.state means s3://${BUCKET}?endpoint=${encodeURIComponent(s3.endpoint)}&region=us-east-1&s3ForcePathStyle=true; run: labstead state use\n`,
  );
});

test("a lab comes up with its state in the bucket; a preview finds it as it is", async () => {
  expect(await project.succeed("state", "use")).toBe(
    `Pulumi.yaml: pulumi and labstead use bucket ${BUCKET} at ${s3.endpoint} from now on\n`,
  );
  await project.succeed("state", "init", STACK);
  expect(readFileSync(project.stackFile, "utf8")).toContain("encryptionsalt:");
  await project.succeed("up", STACK, ...YES);
  expect(await project.succeed("preview", STACK)).toMatch(/Resources:\n +\d+ unchanged\n/);
  expect(await s3.versionsOf(BUCKET, `.pulumi/stacks/labstead/${STACK}.json`)).toBeGreaterThan(10);
  const shown = await project.succeed("state", "show", STACK);
  expect(shown.replace(/\d+\n +open/, "N\n  open")).toBe(
    [
      `State of ${STACK}`,
      "  what             value",
      `  backend          bucket ${BUCKET} at ${s3.endpoint}, by Pulumi.yaml`,
      "  versions         the bucket keeps old versions",
      "  lock             none",
      "  resources        N",
      "  open operations  0",
      "",
    ].join("\n"),
  );
});

test("a shell that points elsewhere is refused: everything would be made a second time", async () => {
  const running = project.begin(["up", STACK], { PULUMI_BACKEND_URL: "file:///tmp" });
  const { code, output } = await running.ended;
  expect({ code, output }).toMatchObject({ code: 1 });
  expect(output).toMatch(
    /^PULUMI_BACKEND_URL is file:\/\/\/tmp, Pulumi.yaml chooses s3:.*; run: unset PULUMI_BACKEND_URL\n$/,
  );
});

describe("copies", () => {
  test("are readable by their owner alone, encrypted, and the same state is kept once", async () => {
    const kept = await project.succeed("state", "backup", STACK);
    const [, file = ""] = /resources, copied to (\S+)\n$/.exec(kept) ?? [];
    expect(file).toMatch(/^state-backup\/small-\d{8}T\d{6}\.\d{3}Z\.json$/);
    expect(statSync(join(project.folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(join(project.folder, "state-backup")).mode & 0o777).toBe(0o700);
    const text = readFileSync(join(project.folder, file), "utf8");
    expect(text).toContain('"ciphertext"');
    expect(text).not.toMatch(/"plaintext"|PRIVATE KEY|client-key-data/);
    expect(await project.succeed("state", "backup", STACK)).toMatch(/resources, already copied to /);
    expect(backups()).toHaveLength(1);
  });

  test("of another stack, and of nothing, are refused", async () => {
    const [file = ""] = backups();
    const other = join(project.folder, "other.json");
    const text = readFileSync(join(project.folder, file), "utf8");
    writeFileSync(other, text.replaceAll(`urn:pulumi:${STACK}::labstead`, "urn:pulumi:prod::labstead"));
    const cases = [
      [
        "other.json",
        `other.json is the state of stack prod of project labstead, not of ${STACK} of project labstead; nothing was changed`,
      ],
      ["Pulumi.yaml", "Pulumi.yaml is no state; name a file that labstead state backup wrote"],
      ["gone.json", "gone.json does not exist; name a file that labstead state backup wrote"],
    ] as const;
    for (const [name, message] of cases)
      expect(await project.labstead("state", "restore", STACK, name)).toEqual({
        code: 1,
        output: `${message}\n`,
      });
  });

  test("that are older are refused, with what would be forgotten, unless asked to", async () => {
    const [file = ""] = backups();
    const stackFile = readFileSync(project.stackFile, "utf8");
    const grown = stackFile.replace(/( {10}flavor: m1\.large\n {10}min: )1\n {10}max/, "$12\n          max");
    expect(grown).not.toBe(stackFile);
    writeFileSync(project.stackFile, grown);
    await project.succeed("up", STACK, ...YES);
    const { code, output } = await project.labstead("state", "restore", STACK, file);
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(
        `^${file} was written at \\S+Z, the state of ${STACK} at \\S+Z: nothing was changed\nwith the older one, Pulumi would no longer know of:\n(  \\S+\n)*  server/workers.clustertools/1\n(  \\S+\n)*if that is what you want, give --older\n$`,
      ),
    );
    // The one there is was kept when the older one came; so the way back is a restore too.
    expect(await project.succeed("state", "restore", STACK, file, "--older")).toMatch(
      new RegExp(`^${STACK}: the state as it was: (\\S+)\n${STACK}: \\d+ resources are in the state again\n`),
    );
    expect(await project.succeed("preview", STACK)).toMatch(/\+ \d+ to create/);
    const [latest = ""] = backups().filter((each) => each !== file);
    await project.succeed("state", "restore", STACK, latest, "--older");
    expect(await project.succeed("preview", STACK)).toMatch(/Resources:\n +\d+ unchanged\n/);
  });

  test("bring a lost state back", async () => {
    await project.succeed("state", "backup", STACK);
    rmSync(inBucket("."), { recursive: true });
    expect(await project.succeed("state", "show", STACK)).toContain("resources        no such stack");
    const latest = [...backups()].sort().at(-1) ?? "";
    expect(await project.succeed("state", "restore", STACK, latest)).toMatch(
      /resources are in the state again/,
    );
    expect(await project.succeed("preview", STACK)).toMatch(/Resources:\n +\d+ unchanged\n/);
  });
});

test("a certificate is renewed, and its Secret takes it over in the same run; what cannot be is refused", async () => {
  expect(await project.succeed("rotate", STACK)).toMatch(
    / {2}ingress\.default-certificate +a new key and certificate/,
  );
  const output = await project.succeed("rotate", STACK, "ingress.default-certificate", ...YES);
  expect(output).toMatch(/\+- +.*PrivateKey ingress\.default-certificate replaced/);
  expect(output).toMatch(/\+- +.*SelfSignedCert ingress\.default-certificate replaced/);
  expect(output).toMatch(/Resources:\n(.*\n)* +~ 1 updated\n/);
  expect(await project.labstead("rotate", STACK, "ingress.certificate")).toEqual({
    code: 1,
    output: `${STACK} has no ingress.certificate to rotate; it has credential/cloud-provider, credential/cinder-csi, ingress.default-certificate, vrrp/api\n`,
  });
});

describe("two engineers", () => {
  test("the second learns who holds the lock; a dead one's is taken off by recover", async () => {
    await project.startCloud({ latencyMilliseconds: LATENCY });
    const first = project.begin(["destroy", STACK, "--with-data", ...YES]);
    const lock = await lockOf(first);
    const held = `${STACK} is locked by ${holderOf(lock)}`;
    const [file = ""] = backups();
    const reported = [
      `${held}, nothing was changed`,
      `wait until that run has ended; if it was killed, run labstead recover on ${hostname()},`,
      `or, where ${hostname()} is gone for good: pulumi cancel --stack ${STACK}, then labstead recover here`,
      "",
    ].join("\n");
    expect(await project.labstead("up", STACK, ...YES)).toEqual({ code: 1, output: reported });
    expect(await project.labstead("state", "restore", STACK, file, "--older")).toEqual({
      code: 1,
      output: reported,
    });
    expect(await project.labstead("recover", STACK)).toEqual({ code: 1, output: reported });
    expect(await project.succeed("state", "show", STACK)).toContain(`lock             ${holderOf(lock)}\n`);

    process.kill(lock.pid, "SIGKILL");
    expect((await first.ended).code).not.toBe(0);
    const dead = `${held}, a run that was killed; run: labstead recover ${STACK}\n`;
    expect(await project.labstead("up", STACK, ...YES)).toEqual({ code: 1, output: dead });
    expect(await project.labstead("state", "restore", STACK, file)).toEqual({ code: 1, output: dead });

    await project.startCloud();
    expect(await project.succeed("recover", STACK)).toMatch(
      new RegExp(
        `^${STACK}: the lock of ${holderOf(lock).replaceAll(/[()]/g, "\\$&")} was removed: its process has ended\n`,
      ),
    );
    await project.succeed("destroy", STACK, "--with-data", ...YES);
    expect(await project.succeed("state", "show", STACK)).toContain("resources        0");
  });

  test("a lock of another machine is nobody's to break", async () => {
    const place = inBucket(`locks/organization/labstead/${STACK}`);
    mkdirSync(place, { recursive: true });
    const lock = { pid: 1, username: "ada", hostname: "elsewhere", timestamp: "2026-11-20T09:00:00.5Z" };
    writeFileSync(join(place, "0.json"), JSON.stringify(lock));
    expect(await project.labstead("up", STACK)).toEqual({
      code: 1,
      output: [
        `${STACK} is locked by ada@elsewhere (pid 1, since 2026-11-20T09:00:00Z), nothing was changed`,
        "wait until that run has ended; if it was killed, run labstead recover on elsewhere,",
        `or, where elsewhere is gone for good: pulumi cancel --stack ${STACK}, then labstead recover here`,
        "",
      ].join("\n"),
    });
    rmSync(join(place, "0.json"));
  });
});

describe("what cannot be read is reported in one sentence, by the engine's way as by ours", () => {
  const KEY_HELP =
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as openstack ec2 credentials create prints them";
  const place = () => `bucket ${BUCKET} at ${s3.endpoint}`;

  /** Both say the same: the engine lists stacks, ours looks for locks. */
  async function reported(message: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const expected = { code: 1, output: `the state cannot be read, nothing was changed: ${message}\n` };
    expect(await project.begin(["preview", STACK], more).ended).toEqual(expected);
    expect(await project.begin(["state", "show", STACK], more).ended).toEqual(expected);
  }

  async function toldOf(state: object, message: string): Promise<void> {
    project.settings(settings(state));
    await project.succeed("state", "use");
    await reported(message);
    project.settings(settings());
    await project.succeed("state", "use");
  }

  test("no key", async () => {
    const none = {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
      AWS_CONFIG_FILE: "/nowhere",
    };
    await reported(`no key for ${place()} was given; ${KEY_HELP}, or AWS_PROFILE`, none);
  });

  test("a wrong secret key", async () => {
    await reported(`the secret key does not fit the access key of ${place()}; ${KEY_HELP}`, {
      AWS_SECRET_ACCESS_KEY: "another",
    });
  });

  test("a wrong access key", async () => {
    await reported(`this access key is unknown at ${place()}; ${KEY_HELP}`, { AWS_ACCESS_KEY_ID: "another" });
  });

  test("no such bucket", async () => {
    await toldOf(
      { bucket: "not-there" },
      `bucket not-there at ${s3.endpoint} does not exist; make it, with versioning, or correct the name in Pulumi.yaml`,
    );
  });

  test("another region", async () => {
    await toldOf(
      { region: "RegionOne" },
      `${place()} is in region us-east-1, not RegionOne; correct region in Pulumi.yaml`,
    );
  });

  test("a bucket that keeps no versions is reported", async () => {
    project.settings(settings({ bucket: "no-versions" }));
    await project.succeed("state", "use");
    expect(await project.succeed("state", "show", STACK)).toContain(
      "the bucket keeps no old versions: switch its versioning on",
    );
    project.settings(settings());
    await project.succeed("state", "use");
  });

  test("nobody answers", async () => {
    await s3.stop();
    const running = await project.labstead("preview", STACK);
    expect(running.output).toMatch(
      new RegExp(
        `^the state cannot be read, nothing was changed: ${place()} does not answer: (connection refused|ECONNREFUSED); check the address, your network and the VPN\n$`,
      ),
    );
    await s3.begin();
    await project.succeed("state", "show", STACK);
  });
});
