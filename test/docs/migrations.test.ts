/** The files of `docs/migrations.md`: each step is an environment that can be brought up, and no step can be left out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { errorsOf, findingText } from "../../environment/findings";
import { lab } from "../../lab";
import { ROOT } from "../cli/command";
import {
  changed,
  configOf,
  merged,
  ownerBase,
  WITH_HEKETI,
  type Changes,
  type Json,
} from "../environment/configs";
import { checkAcross } from "../environments";

const PAGE = readFileSync(join(ROOT, "docs/migrations.md"), "utf8");

/** The environment of a section, by its one block of YAML, as it stands there. */
function written(heading: string): Json {
  const [, section = ""] = PAGE.split(`## ${heading}\n`);
  const [, indentation = "", block] = /( *)```yaml\n([^]*?)```/.exec(section.split("\n## ")[0] ?? "") ?? [];
  if (block === undefined) throw new Error(`no YAML below ${heading}`);
  return parse(block.replaceAll(new RegExp(`^${indentation}`, "gm"), "")) as Json;
}

const BESIDE = written("A lab beside the lab");
const HOSTS = (domain: string): Changes => ({ "apps.datalab.host": `datalabs.${domain}` });

/** The old lab, and the one beside it as the page says. */
function pair(old: Changes, heading: string) {
  const base = changed(ownerBase(), old);
  const next = merged(merged(ownerBase(), BESIDE), written(heading)) as Json;
  return { old: configOf("lab", base), next: configOf("next", changed(next, HOSTS("next.lab.example.org"))) };
}

/** Settings that stop an `up` where they differ from what they were. */
function stopped(old: Changes, changes: Json): readonly string[] {
  const before = lab({ config: configOf("lab", changed(ownerBase(), old)) }).plan.fixedSettings;
  const after = lab({ config: configOf("lab", merged(changed(ownerBase(), old), changes)) }).plan;
  return after.fixedSettings
    .filter(({ path, value, free }) => {
      const was = before.find((each) => each.path === path)?.value;
      return was !== undefined && was !== value && !(free ?? []).includes(was);
    })
    .map(({ path }) => path);
}

const CASES: readonly (readonly [heading: string, old: Changes])[] = [
  ["From Heketi to NFS", WITH_HEKETI],
  ["From Weave to Calico", { "cluster.cni": { kind: "weave" } }],
];

test.each(CASES)(
  "%s: the environment beside the old one has no errors, and shares nothing with it",
  (heading, old) => {
    const { old: before, next } = pair(old, heading);
    expect(errorsOf(lab({ config: next }).findings).map(findingText)).toEqual([]);
    expect(errorsOf(checkAcross([before, next])).map(findingText)).toEqual([]);
  },
);

test("the direct ways are stopped", () => {
  const calico = { cluster: { cni: { kind: "calico", encapsulation: "vxlan" } } };
  expect(stopped({ "cluster.cni": { kind: "weave" } }, calico)).toContain("cluster.cni.kind");
  const nfs = { cluster: { version: "1.36" }, storage: { shared: { mode: "nfs" } } };
  expect(stopped(WITH_HEKETI, nfs)).toEqual(["storage.shared.mode"]);
});

test("a hub with a drive, as for homes of a Docker host, has no errors", () => {
  const next = merged(ownerBase(), written("From homes of a Docker host to a drive"));
  expect(errorsOf(lab({ config: configOf("lab", next) }).findings).map(findingText)).toEqual([]);
});
