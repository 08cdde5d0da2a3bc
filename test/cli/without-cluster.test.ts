/** What a destroy after the cluster takes out of the state, and what it leaves as it is. */
import { parseState } from "../../cli/shared/stack-state";
import { withoutCluster } from "../../cli/engine/without-cluster";

const resource = (type: string, name: string, more: object = {}): object => ({
  urn: `urn:pulumi:prod::labstead::${type}::${name}`,
  type,
  custom: true,
  inputs: {},
  ...more,
});
const PROVIDER = "pulumi:providers:kubernetes";
const given = { clusterIdentifier: "prod", deleteUnreachable: "false", kubeconfig: { ciphertext: "v1:…" } };
const server = resource("openstack:compute/instance:Instance", "server/bastion/0", { protect: true });

test("the Kubernetes provider drops what it cannot reach, and tenants are not checked", () => {
  const state = parseState(
    JSON.stringify({
      version: 3,
      deployment: {
        resources: [
          server,
          resource(PROVIDER, "kubernetes", { inputs: given, outputs: given }),
          resource("kubernetes:core/v1:Namespace", "datalab"),
          resource("labstead:index:ApplySet", "prod/cluster"),
          resource("labstead:index:TenantProtection", "tenants"),
        ],
      },
    }),
  );
  const { resources } = withoutCluster(state).deployment;
  const forgetting = { ...given, deleteUnreachable: "true" };
  expect(resources.map(({ type }) => type)).toEqual([
    "openstack:compute/instance:Instance",
    PROVIDER,
    "kubernetes:core/v1:Namespace",
  ]);
  expect(resources[1]).toMatchObject({ inputs: forgetting, outputs: forgetting });
  expect(resources[0]).toEqual(state.deployment.resources[0]);
});
