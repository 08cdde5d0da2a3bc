/** Kubeconfigs as people have them: gate and apply set use each of them, before a real API server. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { httpClusters } from "../../../provider/kubernetes-api/http-objects";
import { httpProbe } from "../../../provider/kubernetes-api/http-probe";
import { parseKubeconfig } from "../../../provider/kubernetes-api/kubeconfig";
import { fieldOf } from "../../../deploy/manifest";
import { httpProxy, socksProxy } from "../../provider/api-server";
import { setUp } from "../host/undo";
import type { ApiAccess } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";

const V1 = "client.authentication.k8s.io/v1";

let access: ApiAccess;
let folder: string;
let token: string;
let proxies: { readonly http: string; readonly socks: string };

setUp(async (undo) => {
  folder = undo.folder("kubeconfigs");
  const cluster = undo.use(await ControlPlane.start());
  access = await cluster.access();
  const admin = await cluster.client();
  const account = { namespace: "default", name: "robot" };
  await admin.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: account });
  await admin.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "robot" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", ...account }],
  });
  const path = "/api/v1/namespaces/default/serviceaccounts/robot/token";
  const { body } = await admin.ask("POST", path, { spec: { expirationSeconds: 3600 } }, "application/json");
  token = String(fieldOf(body, "status", "token"));
  const [http, socks] = [await httpProxy(), await socksProxy()];
  for (const proxy of [http, socks]) undo.later(() => proxy.close());
  proxies = {
    http: `http://user:word@127.0.0.1:${http.port}`,
    socks: `socks5://127.0.0.1:${socks.port}`,
  };
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function kubeconfig(user: object, more: object = {}): string {
  const ca = { "certificate-authority-data": base64(access.ca) };
  const cluster = { server: access.server, "tls-server-name": access.serverName, ...ca, ...more };
  return JSON.stringify({
    "current-context": "lab",
    contexts: [{ name: "lab", context: { cluster: "lab", user: "me" } }],
    clusters: [{ name: "lab", cluster }],
    users: [{ name: "me", user }],
  });
}

const certificate = (): object => ({
  "client-certificate-data": base64(access.certificate),
  "client-key-data": base64(access.key),
});

/** A program that prints this status. */
function program(name: string, status: object): object {
  const credential = JSON.stringify({ apiVersion: V1, kind: "ExecCredential", status });
  return {
    exec: { apiVersion: V1, command: "cat", args: [file(name, credential)], interactiveMode: "Never" },
  };
}

test.each<[string, () => string]>([
  ["a client certificate", () => kubeconfig(certificate())],
  [
    "files",
    () =>
      kubeconfig(
        {
          "client-certificate": file("client.crt", access.certificate),
          "client-key": file("client.key", access.key),
        },
        { "certificate-authority-data": undefined, "certificate-authority": file("ca.crt", access.ca) },
      ),
  ],
  ["a token", () => kubeconfig({ token })],
  ["a token in a file", () => kubeconfig({ tokenFile: file("token", `${token}\n`) })],
  ["a program with a token", () => kubeconfig(program("token.json", { token }))],
  [
    "a program with a certificate",
    () =>
      kubeconfig(
        program("certificate.json", {
          clientCertificateData: access.certificate,
          clientKeyData: access.key,
        }),
      ),
  ],
  ["an HTTP proxy", () => kubeconfig(certificate(), { "proxy-url": proxies.http })],
  ["a SOCKS proxy", () => kubeconfig({ token }, { "proxy-url": proxies.socks })],
])("with %s", async (what, text) => {
  const cluster = parseKubeconfig(text());
  const signal = AbortSignal.timeout(30_000);
  expect(await httpProbe({ access: cluster, nodes: 0, signal })).toMatchObject({ kind: "ready" });
  const name = what.toLowerCase().replaceAll(" ", "-");
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "default", name },
    data: { what },
  };
  const applied = await httpClusters()(cluster).apply(object, {
    manager: "labstead/default/test",
    force: false,
    signal,
  });
  expect(applied).toMatchObject({ name, managers: ["labstead/default/test"] });
});
