/** Copies of people's files by the rendered jobs of a drive, with a real S3 server: stored, kept, lost, put back, exported. */
import { App } from "cdk8s";
import { DriveChart } from "../../../apps/hub/drive/chart";
import type { HubPlan } from "../../../apps/hub/plan";
import { fieldOf, listAt } from "../../../deploy/manifest";
import { hubPlan, NATIVE } from "../../apps/hub/hubs";
import { ofKind, renderChart, type Container, type Manifest } from "../../apps/manifests";
import { s3Program } from "../s3/server";
import { observe, plainVariables } from "./scenario";

const BACKUPS = {
  "apps.hub.backups": {
    ...{ endpoint: "https://objects.example.org", bucket: "hub-backups" },
    homes: { keep: 2 },
  },
};
const WITH_DATA = { sharedDirectories: { data: { kind: "own" } } };

test("files are stored with owners, modes and links, and put back where they are missing", async () => {
  const plan = hubPlan({ ...NATIVE, ...WITH_DATA, homes: { kind: "drive", owner: "own-uid" } }, BACKUPS);
  const more = { s3: await s3Program(() => undefined), jobs: jobs(plan) };
  expect(observe("5.5", { name: "home_copies", plan, configs: { "hub.py": plan }, more })).toEqual({
    stored: ["homes/ada", "homes/grace", "shared/data"],
    kept: 2,
    parts: true,
    "a link in place of a folder": true,
    exported: ["left/ada"],
    "nobody's": "there is no home of mallory",
    "after the loss": ["restored homes/ada", "restored homes/grace", "restored shared/data"],
    "the same files": true,
    owners: { ada: 100_000, "ada's file": 100_000, grace: 100_001, data: 1000 },
    again: ["homes/ada stays", "homes/grace stays", "shared/data stays"],
    "of one that is there": "refused: it has files",
    "of an earlier time": true,
    "of nobody": "refused: no copy",
    "other keys": "refused: 403",
    "without the store": "refused: it does not answer",
  });
});

/** What the jobs of the drive's chart run, by their task. */
function jobs(plan: HubPlan): object {
  if (plan.homes.kind !== "drive") throw new Error("the hub has no drive");
  const { manifests } = renderChart(new DriveChart(new App(), "drive", plan, plan.homes));
  return Object.fromEntries(
    ofKind(manifests, "CronJob").map((job) => {
      const [container] = listAt(
        fieldOf(job, "spec", "jobTemplate", "spec", "template", "spec"),
        "containers",
      );
      const { name, command, volumeMounts = [] } = container as Container;
      const mounted = volumeMounts.flatMap(({ name: volume, mountPath }) => {
        const content = contentOf(manifests, volume);
        return content === undefined ? [] : [[mountPath, content]];
      });
      const files = Object.fromEntries(mounted) as object;
      return [name, { command, environment: plainVariables(container as Container), files }];
    }),
  );
}

/** Of the only file of a ConfigMap. */
function contentOf(manifests: readonly Manifest[], name: string): string | undefined {
  const map = ofKind(manifests, "ConfigMap").find(({ metadata }) => metadata.name === name);
  return map === undefined ? undefined : Object.values(map["data"] as Readonly<Record<string, string>>)[0];
}
