/** A set on a real API server by the real engine: what is declared is there, and nothing else of the set. */
import { join } from "node:path";
import { fieldOf, type JsonObject } from "../../../deploy/manifest";
import { startPlugin } from "../../../provider/main";
import type { Engine } from "../../../rehearsal/engine";
import { setUp } from "../host/undo";
import type { ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { openStack, SALT, Watched, written } from "./engine-stack";
import { NAMESPACE, namespaceOfUsers, PASSWORD, userObjects, type User } from "./users";

let admin: ApiClient;
let folder: string;
let engine: Engine;
let declared: readonly User[] = [{ name: "ada" }, { name: "bob" }, { name: "eve" }];

setUp(async (undo) => {
  folder = undo.folder("apply-set");
  const cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  const plugin = await startPlugin();
  undo.later(() => plugin.stop());
  engine = await openStack({
    directory: join(folder, "work"),
    kubeconfig: await cluster.kubeconfig(),
    debugProviders: `labstead:${plugin.port}`,
    objects: () => [namespaceOfUsers(), ...declared.flatMap(userObjects)],
  });
});

const RESOURCES = [
  `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
  `/api/v1/namespaces/${NAMESPACE}/services`,
  `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`,
];

/** `deployments/ada` and its UID. */
async function live(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of RESOURCES) {
    const { body } = await admin.get(path);
    for (const item of (body["items"] ?? []) as readonly JsonObject[])
      found.set(
        `${path.split("/").at(-1) ?? ""}/${String(fieldOf(item, "metadata", "name"))}`,
        String(fieldOf(item, "metadata", "uid")),
      );
  }
  return found;
}

function namesOf(...users: readonly string[]): readonly string[] {
  return ["deployments", "persistentvolumeclaims", "services"].flatMap((kind) =>
    users.map((user) => `${kind}/${user}`),
  );
}

test("a first up makes every object, and a second one changes nothing", async () => {
  const { changes } = await engine.up();
  expect(changes).toEqual({ create: 20 });
  const first = await live();
  expect([...first.keys()].sort()).toEqual(namesOf("ada", "bob", "eve"));
  expect((await engine.preview()).changes).toEqual({ same: 20 });
  expect((await engine.up()).changes).toEqual({ same: 20 });
  expect(await live()).toEqual(first);
});

test("a changed user: a preview names exactly its object and its field, and up changes it in place", async () => {
  const before = await live();
  declared = declared.map((user) => (user.name === "bob" ? { ...user, version: 2 } : user));
  const watched = new Watched();
  await engine.preview({ onEvent: watched.onEvent });
  expect(watched.entries).toEqual(["update users/bob/Deployment.apps"]);
  expect(watched.messages).toContain(
    'users/bob/Deployment.apps: spec.template.spec.containers[0].image: "registry.example.org/notebook:1" → "registry.example.org/notebook:2"',
  );
  expect((await engine.up()).changes).toEqual({ same: 19, update: 1 });
  expect(await live()).toEqual(before);
  const { body } = await admin.get(`${RESOURCES[0] ?? ""}/bob`);
  expect(JSON.stringify(body)).toContain("registry.example.org/notebook:2");
});

test("a removed user: its Deployment and Service go, its home stays and is listed", async () => {
  declared = declared.filter(({ name }) => name !== "eve");
  const watched = new Watched();
  await engine.up({ onEvent: watched.onEvent });
  expect([...(await live()).keys()].sort()).toEqual(
    [...namesOf("ada", "bob"), "persistentvolumeclaims/eve"].sort(),
  );
  expect(watched.messages).toContain(
    "1 object that holds data stays in the cluster; to remove:\n  kubectl delete persistentvolumeclaim/eve --namespace users",
  );
});

test("a refresh finds what was deleted and changed by hand, and up restores it", async () => {
  await admin.delete(`${RESOURCES[1] ?? ""}/ada`);
  await admin.ask(
    "PATCH",
    `${RESOURCES[0] ?? ""}/ada?fieldManager=by-hand`,
    { spec: { replicas: 3 } },
    "application/merge-patch+json",
  );
  const watched = new Watched();
  await engine.refresh();
  await engine.preview({ onEvent: watched.onEvent });
  expect(watched.entries).toEqual(["add users/ada/Service", "update users/ada/Deployment.apps"]);
});

test("a field that somebody else owns is not taken: the message names it", async () => {
  await expect(engine.up()).rejects.toThrow(
    'users/ada/Deployment.apps: "by-hand" owns .spec.replicas: leave these fields out of the manifest, or set conflicts: "overwrite"',
  );
  const { body } = await admin.get(`${RESOURCES[0] ?? ""}/ada`);
  expect(fieldOf(body, "spec", "replicas")).toBe(3);
  // As the message of the API server advises: whoever has it gives it back.
  await admin.ask(
    "PATCH",
    `${RESOURCES[0] ?? ""}/ada?fieldManager=by-hand`,
    { spec: { replicas: 1 } },
    "application/merge-patch+json",
  );
  expect((await engine.up()).changes).toEqual({ same: 19, update: 1 });
  expect([...(await live()).keys()].sort()).toEqual(
    [...namesOf("ada", "bob"), "persistentvolumeclaims/eve"].sort(),
  );
});

test("nothing that the engine wrote holds a manifest, a password or the salt", () => {
  const text = written(join(folder, "work"));
  expect(text.length).toBeGreaterThan(10_000);
  expect(text).toContain("users/ada/Deployment.apps");
  for (const secret of [PASSWORD, SALT, "registry.example.org"]) expect(text).not.toContain(secret);
});

test("a destroy keeps homes and lists them", async () => {
  const watched = new Watched();
  await engine.destroy({ onEvent: watched.onEvent });
  expect([...(await live()).keys()].sort()).toEqual(
    ["ada", "bob", "eve"].map((user) => `persistentvolumeclaims/${user}`),
  );
  expect(watched.messages).toContain("kubectl delete persistentvolumeclaim/eve --namespace users");
  expect(watched.messages).toContain("kubectl delete namespace/users");
});
