/**
 * The contract with who runs a released version: its state, previewed by today's program with the same configuration
 * (but for what CHANGELOG.md asks to change), loses nothing and replaces nothing, whatever files, constructs, defaults and SDKs have become since. `released/`
 * holds a state and a configuration for each version; they are written once, and never renewed:
 * `LABSTEAD_RENEW=1 npx --no-install jest --selectProjects engine --testPathPatterns test/golden` writes those of a version that
 * has none. Where nobody runs a version any more, its two files may be removed.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { version } from "../../package.json";
import { changed, environmentIn, GoldenLab, type Json, type Seen } from "./golden-lab";
import { readRecord, withResources, writeRecord, type Resource } from "./recorded";

const FOLDER = join(__dirname, "released");
const CONFIG = join(__dirname, "Pulumi.golden.yaml");

const stateOf = (release: string): string => join(FOLDER, `${release}.jsonl`);
const configOf = (release: string): string => join(FOLDER, `${release}.yaml`);

let lab: GoldenLab;
beforeAll(async () => {
  lab = await GoldenLab.open();
  // Also for what is only previewed: a preview looks into the cloud and its cluster, so they have to be there.
  expect((await lab.up(environmentIn(CONFIG))).said).toEqual([]);
  if (existsSync(stateOf(version)) || process.env["LABSTEAD_RENEW"] !== "1") return;
  writeRecord(stateOf(version), await lab.engine.export());
  copyFileSync(CONFIG, configOf(version));
});
afterAll(() => lab.close());

interface Upgrade {
  /** Of the configuration. */
  readonly changes: Json;
  /** What goes with it. */
  readonly losses: readonly string[];
}

/** What a person who ran a version has to change first, as CHANGELOG.md says. */
const UPGRADES: Readonly<Record<string, Upgrade>> = {
  "0.1.0": {
    changes: {
      // Refused: no kubelet starts with it.
      "servers.workers.general.volumes.swap": undefined,
      // Else the address goes, since its operators come through a tunnel.
      "cluster.api": { kind: "haproxy", floatingIp: true },
    },
    losses: ["attachment", "volume"].flatMap((kind) =>
      [0, 1].map((slot) => `- ${kind}/workers.general/${String(slot)}/swap`),
    ),
  },
};

const NO_UPGRADE: Upgrade = { changes: {}, losses: [] };
const upgradeOf = (release: string): Upgrade => UPGRADES[release] ?? NO_UPGRADE;

async function previewed(release: string, resources: readonly Resource[]): Promise<Seen> {
  await lab.engine.import(withResources(await lab.engine.export(), resources));
  return lab.preview(changed(environmentIn(configOf(release)), upgradeOf(release).changes));
}

/**
 * Losses of what has content, an address or an identity, or answers requests. Not of certificates that are renewed with
 * time, nor of what is made again in the same run from the program alone.
 */
const LOSS =
  /^(-|\+-) (server|port|volume|attachment|floating-ip|association|vip-port|network|subnet|router|router-interface|security-group|container|key-pair|load-balancer|changes|tenants|PrivateKey|SelfSignedCert cluster-ca|RandomPassword|RandomId|Namespace|PersistentVolumeClaim|StorageClass|StatefulSet|Deployment|DaemonSet|Service|Ingress)\b/;

function losses({ steps }: Seen): readonly string[] {
  return steps.filter((step) => LOSS.test(step));
}

const releases = readdirSync(FOLDER).flatMap((name) => /^(.+)\.jsonl$/.exec(name)?.[1] ?? []);

describe.each(releases.length > 0 ? releases : [version])("what %s has made", (release) => {
  test("stays under today's program", async () => {
    const seen = await previewed(release, readRecord(stateOf(release)));
    expect(seen.said.filter((each) => each.startsWith("error: "))).toEqual([]);
    expect(losses(seen)).toEqual(upgradeOf(release).losses);
  });

  test("stays when it was made by other minor versions of the SDKs", async () => {
    const seen = await previewed(release, readRecord(stateOf(release)).map(older));
    expect(seen.said.filter((each) => each.startsWith("error: "))).toEqual([]);
    expect(losses(seen)).toEqual(upgradeOf(release).losses);
  });

  test("holds no secret", () => {
    const text = readFileSync(stateOf(release), "utf8");
    expect(text).not.toMatch(/PRIVATE KEY|ciphertext|"kubeconfig":"/);
  });
});

/** As the minor version before would have written it: the version stands in providers, and in the names of default ones. */
function older(resource: Resource): Resource {
  const named = JSON.stringify(resource).replaceAll(
    /::default_(\d+)_(\d+)_\d+/g,
    (_all, major: string, minor: string) => `::default_${major}_${Number(minor) - 1}_0`,
  );
  const isProvider = resource.type.startsWith("pulumi:providers:");
  return JSON.parse(isProvider ? named.replaceAll(VERSION, olderVersion) : named) as Resource;
}

const VERSION = /"version":"(\d+)\.(\d+)\.\d+"/g;

function olderVersion(_all: string, major: string, minor: string): string {
  return `"version":"${major}.${Number(minor) - 1}.0"`;
}
