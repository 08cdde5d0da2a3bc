/** What an adopted lab keeps, and what is left out of it. */
import { describedPlan, withAdopted } from "../../infra/adopted";
import { describe as describeInfra } from "../../infra/describe";
import { smallPlan } from "./plans";

const plan = smallPlan();
const NOTHING = { imports: {}, kept: {}, later: [], infrastructureOnly: true };

test("nothing adopted changes nothing", () => {
  expect(withAdopted(describeInfra(plan), NOTHING)).toEqual(describeInfra(plan));
});

test("an input stays as found, and null removes one", () => {
  const kept = { network: { name: "Physics", description: null } };
  const [network] = describeInfra(plan, { adopted: { ...NOTHING, kept } });
  expect(network?.inputs).toMatchObject({ name: "Physics", mtu: 1450 });
  expect(network?.inputs).not.toHaveProperty("description");
});

test("what is left out is neither described, nor waited for, nor an output", () => {
  const adopted = { ...NOTHING, later: ["key-pair", "application-credential/cinder-csi"] };
  const resources = describeInfra(plan, { adopted });
  expect(resources.map(({ key }) => key)).not.toContain("key-pair");
  expect(resources.flatMap(({ options }) => options.dependsOn ?? [])).not.toContain("key-pair");
  expect(describedPlan(plan, resources).applicationCredentials.map(({ key }) => key)).not.toContain(
    "cinder-csi",
  );
});

test("a reference to what is left out is an error that names both", () => {
  const adopted = { ...NOTHING, later: ["security-group/base"] };
  expect(() => describeInfra(plan, { adopted })).toThrow(
    "port/bastion/0 refers to security-group/base, which is not described",
  );
});
