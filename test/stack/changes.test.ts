/** What the guard watches of nodes, beside what the plugin's types say. */
import { describe as describeInfra } from "../../infra/describe";
import type { GuardedFact } from "../../provider/sdk";
import { guardedResources } from "../../stack/changes";
import { configOf, planOf, stackBase } from "../environment/configs";

const plan = planOf(configOf("prod", stackBase("prod")));
const infra = describeInfra(plan);

function releases(formedByServers: boolean): ReadonlyMap<string, GuardedFact> {
  const guarded = Object.entries(guardedResources({ plan, infra, formedByServers }));
  return new Map(
    guarded.flatMap(
      ([
        key,
        {
          facts: { kubernetes },
        },
      ]) => (kubernetes ? [[key, kubernetes] as const] : []),
    ),
  );
}

test("the release of every node is watched, and of nobody else", () => {
  const nodes = plan.servers.filter(({ role }) => role === "controlPlane" || role === "workers");
  const watched = releases(true);
  expect([...watched.keys()].sort()).toEqual(nodes.map(({ key }) => `server/${key}`).sort());
  expect(watched.get("server/controlPlane/0")).toEqual({
    value: plan.cluster.version,
    at: "cluster.version",
    change: "release",
    effect: "is not taken by",
  });
  expect(watched.get("server/workers.general/0")?.change).toBe("later");
});

test("nobody's release is watched where others make the cluster", () => {
  expect(releases(false).size).toBe(0);
});

test("what is protected is named as the state names it, also below a component", () => {
  const named = (typesAbove?: string): readonly string[] =>
    Object.values(
      guardedResources({
        plan,
        infra,
        formedByServers: true,
        ...(typesAbove !== undefined && { typesAbove }),
      }),
    ).flatMap((each) => each.protected ?? []);
  expect(named()).toContainEqual(
    expect.stringMatching(/::labstead:infra:Addresses\$openstack:networking\/floatingIp:FloatingIp::/),
  );
  expect(named("labstead:index:Lab$")).toEqual(
    named().map((urn) => urn.replace("::labstead:infra:", "::labstead:index:Lab$labstead:infra:")),
  );
});
