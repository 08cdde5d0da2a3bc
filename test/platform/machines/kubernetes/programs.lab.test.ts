/** kubeadm's own check of its files, and shellcheck's of the scripts; each of them fails on what was broken on purpose. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bindValues } from "../../../../values";
import { DISCOVERY, CLUSTER_INIT, INIT, JOIN } from "../../../../platform/machines/kubernetes/paths";
import { type KubeadmMinor, kubeadmOf } from "../../../lab/kubernetes/binaries";
import { runs } from "../../../lab/host/programs";
import { setUp } from "../../../lab/host/undo";
import { attempt, type Finished } from "../../../lab/machines/host";
import { madeUp } from "../../../lab/machines/planned-machines";
import type { Changes } from "../../../environment/configs";
import { fileOf, partOf, planWith, RELEASES } from "./node-plans";

// kubeadm 1.25 asks systemctl for the name service, and complains where there is none: every server has it.
runs("shellcheck", "systemctl");

const SCRIPTS = join(__dirname, "../../../../platform/machines/kubernetes/scripts");
/** `make test` sets LABSTEAD_RELEASES to the release that is built anyway: each other takes two minutes to build. */
const MINORS = (["1.25", "1.35", "1.36", "1.37"] as const).filter((minor) =>
  (process.env["LABSTEAD_RELEASES"]?.split(",") ?? [minor]).includes(minor),
);
let folder: string;
let kubeadms: ReadonlyMap<KubeadmMinor, string>;

setUp(async (undo) => {
  const built: [KubeadmMinor, string][] = [];
  for (const minor of MINORS) {
    built.push([minor, await kubeadmOf(minor, (line) => void process.stderr.write(`  ${line}\n`))]);
  }
  kubeadms = new Map(built);
  folder = undo.folder("kubeadm");
});

/** The check is `validate`, which came with 1.26: until then `migrate`, which warns of a field that it does not know. */
function validate(minor: KubeadmMinor, text: string): Promise<Finished> {
  const file = join(folder, "kubeadm.yaml");
  writeFileSync(file, text.replace(DISCOVERY, join(folder, "discovery.conf")));
  const check =
    minor === "1.25"
      ? ["migrate", "--new-config", "/dev/null", "--old-config", file]
      : ["validate", "--config", file];
  return attempt([kubeadm(minor), "config", ...check]);
}

function kubeadm(minor: KubeadmMinor): string {
  const path = kubeadms.get(minor);
  if (path === undefined) throw new Error(`kubeadm ${minor} was not built`);
  return path;
}

/** The script that a machine of this release checks pushed settings by. */
function checkSettings(minor: KubeadmMinor, text: string): Promise<Finished> {
  const file = join(folder, "pushed.yaml");
  writeFileSync(file, text);
  const env = { ...process.env, PATH: `${dirname(kubeadm(minor))}:${process.env["PATH"] ?? ""}` };
  return attempt([join(SCRIPTS, "check-settings.sh"), file], { env });
}

const bound = (text: string): string => String(bindValues(text, madeUp));

const FILES = [
  ["controlPlane/0", INIT],
  ["controlPlane/0", CLUSTER_INIT],
  ["controlPlane/0", JOIN],
  ["workers.general/0", JOIN],
] as const;

test.each(MINORS.flatMap((release) => FILES.map((file) => [release, ...file] as const)))(
  "%s: kubeadm takes %s's %s",
  async (release, key, path) => {
    const part = partOf(key, planWith(RELEASES[release] ?? {}));
    const { content } = fileOf(part, path);
    writeFileSync(join(folder, "discovery.conf"), bound(fileOf(part, DISCOVERY).content));
    expect(await validate(release, bound(content))).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining("WARNING") as string,
    });
  },
);

const BROKEN = [
  ["an unknown field", "controlPlaneEndpoint", "controlPlaneEndPoint"],
  ["an endpoint that is none", "192.168.3.4:8888", "192.168.3.4:port"],
  ["a CIDR that is none", "10.244.0.0/16", "10.244.0.0/66"],
] as const;

test.each(MINORS.flatMap((release) => BROKEN.map((row) => [release, ...row] as const)))(
  "%s: a machine refuses %s",
  async (release, _, good, bad) => {
    const whole = settings(RELEASES[release] ?? {});
    const broken = whole.replace(good, bad);
    expect(broken).not.toBe(whole);
    expect(await checkSettings(release, whole)).toMatchObject({ code: 0 });
    expect((await checkSettings(release, broken)).code).not.toBe(0);
  },
);

test("a machine says what brings another release than its own", async () => {
  expect(await checkSettings("1.36", settings({ "cluster.version": "1.37" }))).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "cluster.version: 1.37 cannot come to this server, which has 1.36; count servers.controlPlane.generation up by one to replace the control planes, then the generation of each pool of workers\n",
  });
});

function settings(changes: Changes): string {
  return bound(fileOf(partOf("controlPlane/0", planWith(changes)), INIT).content);
}

const shellcheck = (...files: readonly string[]): Promise<Finished> =>
  attempt(["shellcheck", "--external-sources", `--source-path=${SCRIPTS}`, ...files]);

test("shellcheck has nothing to say about the scripts", async () => {
  const scripts = readdirSync(SCRIPTS).map((name) => join(SCRIPTS, name));
  expect(await shellcheck(...scripts)).toMatchObject({ code: 0, stdout: "" });
});

test("shellcheck finds a variable that lost its quotes", async () => {
  const file = join(folder, "broken.sh");
  const text = readFileSync(join(SCRIPTS, "etcd.sh"), "utf8");
  const broken = text.replace('rm -rf "$ETCD_DATA.stale"', "rm -rf $ETCD_DATA.stale");
  expect(broken).not.toBe(text);
  writeFileSync(file, broken);
  expect(await shellcheck(file)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("SC2086") as string,
  });
});
