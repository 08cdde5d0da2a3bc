import * as kubernetes from "@pulumi/kubernetes";
import { kubernetesProvider, kubernetesProviderOptions } from "../../deploy/kubernetes-provider";
import { recordRequests, settled, type SentResource } from "./requests";

const settings = { kubeconfig: "apiVersion: v1", clusterIdentifier: "labstead-prod" };
/** What the provider reads from the user's shell where an option is not said. */
const VARIABLES = [
  ["PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE", "false"],
  ["PULUMI_K8S_ENABLE_SECRET_MUTABLE", "false"],
  ["PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", "false"],
  ["PULUMI_K8S_ENABLE_PATCH_FORCE", "true"],
  ["PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true"],
  ["PULUMI_K8S_DELETE_UNREACHABLE", "true"],
  ["PULUMI_K8S_SKIP_UPDATE_UNREACHABLE", "true"],
  ["KUBECONFIG", "/elsewhere"],
] as const;

const environment = { ...process.env };

afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
});

async function sent(make: () => kubernetes.Provider): Promise<SentResource | undefined> {
  const requests = await recordRequests(true);
  await settled(make().urn);
  return requests[0];
}

/** What reaches the plugin. */
async function sentOptions(make: () => kubernetes.Provider): Promise<unknown> {
  return (await sent(make))?.inputs;
}

describe("the Kubernetes provider", () => {
  test.each([
    ["enableConfigMapMutable", true],
    ["enableSecretMutable", true],
    ["enableServerSideApply", true],
    ["enablePatchForce", false],
    ["upsertExistingObjects", false],
    ["deleteUnreachable", false],
    ["skipUpdateUnreachable", false],
    ["clusterIdentifier", "labstead-prod"],
    ["kubeconfig", "apiVersion: v1"],
  ] as const)("says %s: %s", (option, value) => {
    expect(kubernetesProviderOptions(settings)[option]).toBe(value);
  });

  test("sends every option, whatever the user's shell says", async () => {
    for (const [name, value] of VARIABLES) process.env[name] = value;
    expect(await sentOptions(() => kubernetesProvider("cluster", settings))).toStrictEqual({
      kubeconfig: "apiVersion: v1",
      clusterIdentifier: "labstead-prod",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
      enableServerSideApply: "true",
      enablePatchForce: "false",
      upsertExistingObjects: "false",
      deleteUnreachable: "false",
      skipUpdateUnreachable: "false",
    });
  });

  test("would obey the user's shell without these options", async () => {
    for (const [name, value] of VARIABLES) process.env[name] = value;
    const bare = await sentOptions(() => new kubernetes.Provider("cluster"));
    expect(bare).toMatchObject({
      kubeconfig: "/elsewhere",
      upsertExistingObjects: "true",
      enableSecretMutable: "false",
    });
  });

  test("keeps the identifier that it was made with, whatever it is called now", async () => {
    expect((await sent(() => kubernetesProvider("cluster", settings)))?.ignoreChanges).toEqual([
      "clusterIdentifier",
    ]);
  });

  test("knows all its inputs in a preview, so that no object updates with it", async () => {
    expect(JSON.stringify(await sentOptions(() => kubernetesProvider("cluster", settings)))).not.toContain(
      "unknown",
    );
  });
});
