/** Who may do what in a project, as a real API server says it: people by their groups, and programs by the account. */
import { setUp } from "./host/undo";
import type { Manifest } from "../../deploy/manifest";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab } from "./kubernetes/environments";
import { may, serviceAccount, untilMay, type Question } from "./kubernetes/reviews";

const NAMESPACES = ["soil", "soil-compute", "oceans", "oceans-compute"] as const;

/** A pod as a program of a notebook makes it: without any security context. */
function pod(namespace: string, spec: object = {}): Manifest {
  const resources = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } };
  const containers = [{ name: "executor", image: "registry.example.org/executor:1.0.0", resources }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace },
    spec: { containers, ...spec },
  };
}

describe("the projects of the example", () => {
  let admin: ApiClient;

  setUp(async (undo) => {
    const cluster = undo.use(await ControlPlane.start({ serviceCidr: "10.254.0.0/16" }));
    admin = await cluster.client();
    await cluster.startControllers();
    await applyAll(admin, boundLab("projects", "examples").manifests);
  });

  /** Namespaces in which somebody may do it. */
  async function where(client: ApiClient, question: Question): Promise<readonly string[]> {
    const answers = await Promise.all(
      NAMESPACES.map(async (namespace) =>
        (await may(client, { ...question, namespace })) ? [namespace] : [],
      ),
    );
    return answers.flat();
  }

  function personOf(...groups: readonly string[]): ApiClient {
    return admin.as({ user: "somebody", groups: [...groups, "system:authenticated"] });
  }

  test("people have the role of their group in both namespaces of their project, and in no other", async () => {
    const researcher = personOf("soil-researchers");
    await untilMay(researcher, { verb: "get", resource: "secrets", namespace: "soil-compute" });
    const both = ["soil", "soil-compute"];
    expect(await where(researcher, { verb: "get", resource: "secrets" })).toEqual(both);
    expect(await where(researcher, { verb: "create", resource: "pods" })).toEqual(both);
    expect(await where(researcher, { verb: "delete", resource: "resourcequotas" })).toEqual([]);
    const guest = personOf("soil-guests");
    expect(await where(guest, { verb: "list", resource: "pods" })).toEqual(both);
    expect(await where(guest, { verb: "get", resource: "secrets" })).toEqual([]);
    expect(await where(personOf("others"), { verb: "list", resource: "pods" })).toEqual([]);
  });

  test("a notebook's programs start pods beside the stacks, and reach nothing of the stacks themselves", async () => {
    const account = serviceAccount(admin, "soil", "soil-compute-submission-account");
    await untilMay(account, { verb: "create", resource: "pods", namespace: "soil-compute" });
    expect(await where(account, { verb: "create", resource: "pods" })).toEqual(["soil-compute"]);
    expect(await where(account, { verb: "get", resource: "secrets" })).toEqual([]);
    expect(said(await account.create(pod("soil-compute"), { dryRun: "All" }))).toBe("201");
    expect(said(await account.create(pod("soil"), { dryRun: "All" }))).toContain("403");
    const privileged = pod("soil-compute", { hostNetwork: true });
    expect(said(await account.create(privileged, { dryRun: "All" }))).toContain(
      'violates PodSecurity "baseline:v1.36": host namespaces',
    );
  });

  test("a namespace without images that start as root lets none in", async () => {
    const refused = said(await admin.create(pod("oceans"), { dryRun: "All" }));
    expect(refused).toContain('violates PodSecurity "restricted:v1.36"');
    expect(said(await admin.create(pod("soil"), { dryRun: "All" }))).toBe("201");
  });
});
