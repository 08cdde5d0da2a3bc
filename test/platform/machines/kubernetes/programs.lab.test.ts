/** kubeadm's own check of its files, and shellcheck's of the scripts; each of them fails on what was broken on purpose. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bindValues } from "../../../../environment/values";
import { DISCOVERY, FOUND, INIT, JOIN } from "../../../../platform/machines/kubernetes/paths";
import { kubernetesBinary } from "../../../lab/kubernetes/binaries";
import { attempt, hostPackages, type Finished } from "../../../lab/machines/host";
import { madeUp } from "../../../lab/machines/planned-machines";
import type { Changes } from "../../../environment/configs";
import { fileOf, partOf, planWith, RELEASES } from "./node-plans";

const SCRIPTS = join(__dirname, "../../../../platform/machines/kubernetes/scripts");
let folder: string;
let kubeadm: string;

beforeAll(async () => {
  await hostPackages(["shellcheck"]);
  kubeadm = await kubernetesBinary("kubeadm", (line) => void process.stderr.write(`  ${line}\n`));
  folder = mkdtempSync(join(tmpdir(), "labstead-kubeadm-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(text: string): Promise<Finished> {
  const file = join(folder, "kubeadm.yaml");
  writeFileSync(file, text.replace(DISCOVERY, join(folder, "discovery.conf")));
  return attempt([kubeadm, "config", "validate", "--config", file]);
}

const bound = (text: string): string => String(bindValues(text, madeUp));

/** The kubeadm of a release takes clusters of its own and of the release before. */
const CHECKED = ["1.35", "1.36"] as const;
const FILES = [
  ["controlPlane/0", INIT],
  ["controlPlane/0", FOUND],
  ["controlPlane/0", JOIN],
  ["workers.general/0", JOIN],
] as const;

test.each(CHECKED.flatMap((release) => FILES.map((file) => [release, ...file] as const)))(
  "%s: kubeadm takes %s's %s",
  async (release, key, path) => {
    const part = partOf(key, planWith(RELEASES[release] ?? {}));
    const { content } = fileOf(part, path);
    writeFileSync(join(folder, "discovery.conf"), bound(fileOf(part, DISCOVERY).content));
    expect(await validate(bound(content))).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining("WARNING") as string,
    });
  },
);

test.each([
  ["an unknown field", "controlPlaneEndpoint", "controlPlaneEndPoint"],
  ["an endpoint that is none", "192.168.3.4:8888", "192.168.3.4:port"],
  ["a CIDR that is none", "10.244.0.0/16", "10.244.0.0/66"],
])("kubeadm refuses %s", async (_, good, bad) => {
  const { content } = fileOf(partOf("controlPlane/0", planWith()), INIT);
  const broken = bound(content).replace(good, bad);
  expect(broken).not.toBe(bound(content));
  expect((await validate(broken)).code).not.toBe(0);
});

test("a machine takes settings of its own release, and says what brings another one", async () => {
  const env = { ...process.env, PATH: `${dirname(kubeadm)}:${process.env["PATH"] ?? ""}` };
  const check = (changes: Changes): Promise<Finished> => {
    const file = join(folder, "pushed.yaml");
    writeFileSync(file, bound(fileOf(partOf("controlPlane/0", planWith(changes)), INIT).content));
    return attempt([join(SCRIPTS, "check-settings.sh"), file], { env });
  };
  expect(await check({})).toMatchObject({ code: 0 });
  expect(await check({ "cluster.version": "1.37" })).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "cluster.version: 1.37 cannot come to this server, which has 1.36; count servers.controlPlane.generation up by one to replace the control planes, then the generation of each pool of workers\n",
  });
});

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
