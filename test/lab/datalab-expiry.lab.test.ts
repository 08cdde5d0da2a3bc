/** The job that stops unused notebooks, as a real API server takes it. */
import { fieldOf, type Manifest } from "../../deploy/manifest";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab } from "./kubernetes/environments";

describe("DataLabs with a limit for unused notebooks", () => {
  const { manifests } = boundLab("existing-cluster", "examples", {
    unusedNotebooks: { warnDays: 14, stopDays: 31 },
  });
  let admin: ApiClient;

  setUp(async (undo) => {
    const cluster = undo.use(await ControlPlane.start({ serviceCidr: "10.254.0.0/16" }));
    admin = await cluster.client();
    await cluster.startControllers();
  });

  test("its objects are accepted, and its pods admitted at the level of their namespace", async () => {
    await applyAll(admin, manifests);
    const job = manifests.find(({ kind }) => kind === "CronJob");
    const template = fieldOf(job, "spec", "jobTemplate", "spec", "template") as Pick<
      Manifest,
      "metadata" | "spec"
    >;
    const pod: Manifest = {
      ...template,
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...template.metadata, name: "probe", namespace: "datalab" },
    };
    expect(said(await admin.create(pod, { dryRun: "All" }))).toBe("201");
  });
});
