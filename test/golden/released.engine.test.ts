/**
 * The contract with who runs a released version: its state, previewed by today's program with the same configuration,
 * loses nothing and replaces nothing, whatever files, constructs, defaults and SDKs have become since. `released/`
 * holds a state and a configuration for each version; they are written once, and never renewed:
 * `LABSTEAD_RENEW=1 npx jest --selectProjects engine --testPathPatterns test/golden` writes those of a version that
 * has none. Where nobody runs a version any more, its two files may be removed.
 */
import { existsSync, readdirSync, readFileSync, copyFileSync } from "node:fs";
import { join } from "node:path";

import { version } from "../../package.json";
import { environmentIn, GoldenLab, type Seen } from "./golden-lab";
import { readRecord, withResources, writeRecord, type Resource } from "./recorded";

const FOLDER = join(__dirname, "released");
const CONFIG = join(__dirname, "Pulumi.golden.yaml");

const stateOf = (release: string): string => join(FOLDER, `${release}.jsonl`);
const configOf = (release: string): string => join(FOLDER, `${release}.yaml`);

let lab: GoldenLab;
beforeAll(async () => {
  lab = await GoldenLab.open();
  if (existsSync(stateOf(version)) || process.env["LABSTEAD_RENEW"] !== "1") return;
  expect((await lab.up(environmentIn(CONFIG))).said).toEqual([]);
  writeRecord(stateOf(version), await lab.engine.export());
  copyFileSync(CONFIG, configOf(version));
});
afterAll(() => lab.close());

async function previewed(release: string, resources: readonly Resource[]): Promise<Seen> {
  await lab.engine.import(withResources(await lab.engine.export(), resources));
  return lab.preview(environmentIn(configOf(release)));
}

const LOSSES = /^(-|\+-) /;

/** What has content, an address or an identity: new ones beside them would mean that a URN has moved. */
const KEPT =
  /^\+ (server|port|volume|attachment|floating-ip|association|vip-port|network|subnet|router|container|key-pair|PrivateKey|SelfSignedCert|RandomPassword|Namespace|PersistentVolumeClaim)\b/;

function harm({ steps }: Seen): readonly string[] {
  return steps.filter((step) => LOSSES.test(step) || KEPT.test(step));
}

const releases = readdirSync(FOLDER).flatMap((name) => /^(.+)\.jsonl$/.exec(name)?.[1] ?? []);

describe.each(releases.length > 0 ? releases : [version])("what %s has made", (release) => {
  test("stays under today's program", async () => {
    const seen = await previewed(release, readRecord(stateOf(release)));
    expect(seen.said.filter((each) => each.startsWith("error: "))).toEqual([]);
    expect(harm(seen)).toEqual([]);
  });

  test("stays when it was made by other minor versions of the SDKs", async () => {
    const seen = await previewed(release, readRecord(stateOf(release)).map(older));
    expect(seen.said.filter((each) => each.startsWith("error: "))).toEqual([]);
    expect(harm(seen)).toEqual([]);
  });

  test("holds no secret", () => {
    const text = readFileSync(stateOf(release), "utf8");
    expect(text).not.toMatch(/PRIVATE KEY|ciphertext|"kubeconfig":"/);
  });
});

/** As the minor version before would have written it: the version stands in providers, and in the names of default ones. */
function older(resource: Resource): Resource {
  const text = JSON.stringify(resource)
    .replaceAll(
      /::default_(\d+)_(\d+)_(\d+)/g,
      (_all, major, minor) => `::default_${major}_${Number(minor) - 1}_0`,
    )
    .replaceAll(
      /"version":"(\d+)\.(\d+)\.\d+"/g,
      (_all, major, minor) => `"version":"${major}.${Number(minor) - 1}.0"`,
    );
  return JSON.parse(
    resource.type.startsWith("pulumi:providers:") || text.includes("::default_")
      ? text
      : JSON.stringify(resource),
  ) as Resource;
}
