/**
 * A tenant of a cluster that exists already: the commands of docs/real-cloud.md, as they stand there, give it a
 * kubeconfig on a real API server, and with it the tenant's stack and nothing of anybody else's.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { tenantPrincipal } from "../../environment/tenancy";
import { ROOT } from "../cli/command";
import { blockBeginning, TENANT_KUBECONFIG } from "../docs/shell-blocks";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import { runs } from "./host/programs";
import { setUp } from "./host/undo";
import { ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab } from "./kubernetes/environments";
import { may, untilMay } from "./kubernetes/reviews";

/** Of a kubeconfig, as far as it is read here. */
interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
  readonly contexts: readonly { readonly context: Readonly<Record<string, string>> }[];
}

let cluster: ControlPlane;
let folder: string;
let printed: string;

runs("bash", "openssl");

setUp(async (undo) => {
  folder = undo.folder("tenant");
  cluster = undo.use(await ControlPlane.start());
  await cluster.startControllers();
  // What the owner's `up` makes, the tenant's rights among it.
  await applyAll(await cluster.client(), boundLab("prod").manifests);
  for (const name of ["home", "state"]) mkdirSync(join(folder, name));
  for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.test.yaml"])
    cpSync(join(ROOT, name), join(folder, name));
  writeFileSync(join(folder, "kubeconfig"), await cluster.kubeconfig());
  bash("pulumi stack init test");
  printed = bash(blockBeginning(TENANT_KUBECONFIG));
});

function bash(script: string): string {
  const tools = [dirname(cluster.kubectl), dirname(pulumiExecutable())];
  const env = {
    HOME: join(folder, "home"),
    PATH: [...tools, process.env["PATH"] ?? ""].join(":"),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const args = ["-euo", "pipefail", "-c", script];
  return execFileSync("bash", args, { cwd: folder, env, encoding: "utf8", input: "", stdio: "pipe" });
}

/** What the tenant's stack has now. */
function given(): Kubeconfig {
  return parse(bash("pulumi config get labstead:kubeconfig --stack test")) as Kubeconfig;
}

function decoded(text = ""): string {
  return Buffer.from(text, "base64").toString("utf8");
}

/** By the kubeconfig alone. */
function tenantClient(): ApiClient {
  const { clusters, users } = given();
  const { server = "", "tls-server-name": serverName = "", ...rest } = clusters[0]?.cluster ?? {};
  const user = users[0]?.user;
  return new ApiClient({
    server,
    serverName,
    ca: decoded(rest["certificate-authority-data"]),
    certificate: decoded(user?.["client-certificate-data"]),
    key: decoded(user?.["client-key-data"]),
  });
}

test("the cluster knows the tenant by it, as user and as group", () => {
  expect(printed).toMatch(new RegExp(`^Username +${tenantPrincipal("test")}$`, "m"));
  expect(printed).toMatch(new RegExp(`^Groups +\\[${tenantPrincipal("test")} system:authenticated\\]$`, "m"));
});

test("nobody else's credentials are in it, and no file of it is left", () => {
  const { users, contexts } = given();
  expect(users.map(({ name }) => name)).toEqual([tenantPrincipal("test")]);
  expect(Object.keys(users[0]?.user ?? {}).sort()).toEqual(["client-certificate-data", "client-key-data"]);
  expect(contexts.map(({ context }) => context["user"])).toEqual([tenantPrincipal("test")]);
  const left = ["test.key", "test.csr", "test.crt", "kubeconfig-test"];
  expect(left.filter((name) => existsSync(join(folder, name)))).toEqual([]);
});

test("the tenant's stack comes up with it, and what is prod's stays closed", async () => {
  const client = tenantClient();
  const own = boundLab("test").manifests;
  const entrance = own.findIndex(({ kind }) => kind === "RoleBinding") + 1;
  await applyAll(client, own.slice(0, entrance));
  await untilMay(client, { verb: "create", resource: "secrets", namespace: "testlab" });
  await applyAll(client, own);
  for (const namespace of ["datalab", "kube-system"])
    expect(await may(client, { verb: "get", resource: "secrets", namespace })).toBe(false);
  client.close();
});
