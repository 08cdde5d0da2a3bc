/** What a control plane does to its cluster's settings, by release; kubectl and kubeadm are stand-ins that note their calls. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";

const SCRIPTS = join(__dirname, "../../../../platform/machines/kubernetes/scripts");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-release-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly code: number | null;
  readonly said: string;
  /** kubeadm's arguments. */
  readonly done: string;
}

/** Runs functions of the script on a server of a release, in a cluster of another one. */
function on(own: string, cluster: string, script: string): Said {
  const stub = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const calls = join(folder, "calls");
  stub("kubeadm", `echo "$*" >> ${calls}`);
  stub("kubectl", `printf 'apiVersion: v1\\nkubernetesVersion: v${cluster}\\n'`);
  mkdirSync(join(folder, "run"), { recursive: true });
  writeFileSync(join(folder, "admin.conf"), "");
  writeFileSync(join(folder, "kubeadm.yaml"), `a: b\nkubernetesVersion: v${own}\n`);
  const common = readFileSync(join(SCRIPTS, "common.sh"), "utf8");
  const shared = [/^say\(\).*$/m, /^minor\(\).*$/m].map((line) => line.exec(common)?.[0] ?? "").join("\n");
  const text = `set -euo pipefail\nNODE_FOLDER=${folder}\nKUBERNETES=${folder}\nCA=${folder}/run/ca.crt\n${shared}\n. ${SCRIPTS}/release.sh\n${script}`;
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", text], { encoding: "utf8", env });
  const done = existsSync(calls) ? readFileSync(calls, "utf8") : "";
  return { code: status, said: stderr, done: done.replaceAll(folder, "") };
}

const UPLOADED = "init phase upload-config all --config /kubeadm.yaml --kubeconfig /run/admin.conf\n";

test.each([
  ["1.36.3", "1.35.4", UPLOADED, "the cluster goes from Kubernetes 1.35.4 to 1.36.3\n"],
  ["1.36.10", "1.36.9", UPLOADED, "the cluster goes from Kubernetes 1.36.9 to 1.36.10\n"],
  ["1.36.3", "1.36.3", UPLOADED, ""],
  ["1.35.4", "1.36.3", "", "the cluster's settings are those of Kubernetes 1.36.3 already\n"],
  ["1.36.9", "1.36.10", "", "the cluster's settings are those of Kubernetes 1.36.10 already\n"],
])("a control plane of %s in a cluster of %s", (own, cluster, done, said) => {
  expect(on(own, cluster, "carry_settings")).toEqual({ code: 0, said, done });
});

test.each([
  ["1.36.3", "1.35.4", true],
  ["1.36.3", "1.36.9", true],
  ["1.36.3", "", true],
  ["1.37.0", "1.35.4", false],
  ["1.35.4", "1.36.3", false],
])("%s may follow %s: %s", (own, before, may) => {
  const { code, said } = on(own, "", `may_follow "${before}"`);
  expect(code).toBe(may ? 0 : 1);
  expect(said).toBe(
    may
      ? ""
      : `this server has Kubernetes ${own} and its cluster ${before}: a release is followed by the next one only, and by none before\n`,
  );
});

test("of two releases one is older, or they are the same", () => {
  const number = fc.integer({ min: 0, max: 120 });
  const release = fc.tuple(number, number).map((parts) => `1.${parts.join(".")}`);
  fc.assert(
    fc.property(release, release, (one, other) => {
      const older = ([a, b]: readonly [string, string]): boolean =>
        on("1.0.0", "", `is_older ${a} ${b}`).code === 0;
      expect([older([one, other]), older([other, one])].filter(Boolean)).toHaveLength(one === other ? 0 : 1);
    }),
    { numRuns: 10 },
  );
});
