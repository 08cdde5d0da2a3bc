/** Which stacks a change affects, and what is made of the engine's words. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { CATALOG } from "../../../catalog";
import { affectedStacks, affecting, withOwners } from "../../../cli/preview/affected";
import { disruptions } from "../../../cli/preview/disruptions";
import { PreviewWatch, previewSteps } from "../../../cli/preview/events";
import { lab, type Lab } from "../../../lab";
import { changed, configOf, ownerBase, type Changes } from "../../environment/configs";

const OWNERS: Readonly<Record<string, string>> = { test: "prod", beta: "prod" };
const ownerOf = (stack: string): string | undefined => OWNERS[stack];

describe("affected stacks", () => {
  const all = ["alone", "beta", "prod", "test"];
  const affected = (...files: readonly string[]) => affectedStacks(all, affecting(files), ownerOf);

  test.each([
    [["Pulumi.test.yaml"], ["test"]],
    [["Pulumi.prod.yaml"], ["beta", "prod", "test"]],
    [["README.md", "docs/a.md", ".github/workflows/x.yml", ".gitlab-ci.yml"], []],
    [["overrides.ts"], all],
    [["package-lock.json"], all],
    [["Pulumi.yaml"], all],
    [["policies/Pulumi.prod.yaml"], all],
  ])("%j affects %j", (files, stacks) => {
    expect(affected(...files)).toEqual(stacks);
  });

  test("an owner comes before its tenants, also where it is not affected", () => {
    expect(withOwners(["test"], ownerOf)).toEqual(["prod", "test"]);
    expect(withOwners(["beta", "prod"], ownerOf)).toEqual(["prod", "beta"]);
  });
});

describe("messages of the engine", () => {
  const urn = (name: string) => `urn:pulumi:prod::p::labstead:index:ChangeGuard::${name}`;
  const watch = (...said: readonly (readonly [severity: string, message: string, urn?: string])[]) => {
    const watched = new PreviewWatch();
    for (const [severity, message, of] of said)
      watched.onEvent({
        sequence: 1,
        timestamp: 0,
        diagnosticEvent: { severity, message, color: "", ...(of === undefined ? {} : { urn: of }) },
      } as EngineEvent);
    return watched.outcome;
  };

  test("what the guard refuses is no failure", () => {
    const text =
      "labstead:index:ChangeGuard resource 'changes' has a problem: this would disturb what runs\n  a";
    expect(watch(["error", text], ["error", "preview failed"])).toMatchObject({
      failures: [],
      refusals: ["this would disturb what runs\n  a"],
    });
  });

  test("for what is protected the guard's words are shown, else the name", () => {
    const held =
      'Preview failed: resource "urn:pulumi:p::l::t::volume/a" cannot be deleted\nbecause it is protected.';
    const gone = "no longer configured, and protected: volume/a\n  put it back";
    expect(watch(["error", held], ["warning", gone, urn("changes")])).toMatchObject({
      failures: [],
      refusals: [gone],
      messages: [],
    });
    expect(watch(["error", held]).refusals).toEqual([
      "volume/a is protected, and would be deleted; put it back, or unprotect it first if nothing in it is needed",
    ]);
  });

  test("any other error is a failure; other messages than the guard's are left out", () => {
    const outcome = watch(
      ["error", "no such flavor"],
      ["warning", "deprecated"],
      ["info", "waits", urn("changes")],
    );
    expect(outcome).toMatchObject({ failures: ["no such flavor"], refusals: [], messages: ["waits"] });
  });
});

function labOf(changes: Changes = {}): Lab {
  return lab({ config: configOf("lab", changed(ownerBase(), changes)) });
}

test("layers: OpenStack, platform and applications, by the chart of each object", () => {
  const base = labOf();
  const application = CATALOG.parts.find(
    (part) => part.configuration !== undefined && base.deploy.charts.includes(part.key),
  );
  const of = (chart: string) => base.deploy.objects.find((each) => each.chart === chart);
  const [own, other] = [of(application?.key ?? ""), of("cluster-roles")];
  const step = (type: string, name: string) => ({ kind: "update" as const, name, type, reason: "" });
  const steps = [
    step("openstack:compute/instance:Instance", "server/a"),
    step("pulumi:pulumi:StackReference", "prod"),
    ...[own, other].map((each) => step(each?.token ?? "", each?.name ?? "")),
  ];
  const layers = previewSteps(steps, [base, undefined]).map(({ layer }) => layer);
  expect(layers.sort()).toEqual(["applications", "infrastructure", "platform"]);
});

describe("interruptions", () => {
  const flavor = {
    "servers.bastion.flavor": "large",
    "flavors.large": { vcpus: 8, ramMiB: 32768, diskGiB: 80 },
  };

  test("an allowed restart is one; a refused one is not, because up stops", () => {
    const allow = [{ resource: "server/bastion/0", change: "restart", to: "large" }];
    expect(disruptions(labOf(), labOf(flavor))).toEqual([]);
    expect(disruptions(labOf(), labOf({ ...flavor, "changes.allow": allow }))).toEqual([
      {
        text: expect.stringMatching(/ → large restarts server\/bastion\/0$/) as string,
        note: "allowed by changes.allow",
      },
    ]);
  });

  test("pods that end before the next ones run", () => {
    const database = { "apps.datalab.imageTags.mongodb": "4.4.28" };
    const found = disruptions(labOf(), labOf(database));
    expect(found.map(({ text }) => text)).toEqual([expect.stringContaining("mongo")]);
  });

  test("of one side alone there is none", () => {
    expect(disruptions(undefined, labOf())).toEqual([]);
  });
});
