/** A Tango control system on a real API server: every object is taken, and every pod by the level "restricted". */
import { fieldOf, type JsonObject, type Manifest } from "../../deploy/manifest";
import { manifests } from "../apps/tango/telescope";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll } from "./kubernetes/environments";

const NAMESPACE: Manifest = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "control", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
};
const ACCOUNT: Manifest = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "default", namespace: "control" },
};

let client: ApiClient;
let written: readonly Manifest[];
let live: readonly JsonObject[];

setUp(async (undo) => {
  const plane = undo.use(await ControlPlane.start());
  client = await plane.client();
  await applyAll(client, [NAMESPACE, ACCOUNT]);
  written = manifests();
  live = await applyAll(client, written);
});

test("every object comes back as it was written", () => {
  expect(live).toHaveLength(written.length);
  expect(live).toMatchObject(written);
});

test("the pods of all workloads are taken by the level restricted", async () => {
  const pods = written.flatMap((each): readonly Manifest[] => {
    const template = fieldOf(each, "spec", "template");
    if (template === undefined) return [];
    const { name } = each.metadata;
    return [
      {
        apiVersion: "v1",
        kind: "Pod",
        ...(template as object),
        metadata: { name: `${name}-0`, namespace: "control" },
      },
    ];
  });
  expect(pods.map(({ metadata }) => metadata.name).sort()).toEqual([
    "databaseds-0",
    "tangodb-0",
    "tangotest-config-0",
    "tangotest-far-away-0",
    "tangotest-test-0",
  ]);
  const answers = await Promise.all(pods.map((pod) => client.create(pod)));
  expect(answers.map((answer) => (answer.status === 201 ? "" : said(answer)))).toEqual(pods.map(() => ""));
});
