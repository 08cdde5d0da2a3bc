/** `labstead doctor <stack>` as a user runs it, on a stack whose cluster is a real API server: dates of nodes and Secrets. */
import { readEnvironment } from "../environments";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../deploy/manifest";
import { CERTIFICATES_ANNOTATION } from "../../environment/plan/expiries";
import { INGRESS_CERTIFICATE } from "../../environment/secrets";
import { lab } from "../../lab";
import { setUp } from "../lab/host/undo";
import { said, type ApiClient } from "../lab/kubernetes/api-client";
import { ControlPlane } from "../lab/kubernetes/control-plane";
import { OfficialProject, type Ended } from "../lab/official/project";
import { ROOT } from "./command";

const STACK = "jupyterhub";
const YES = ["--", "--yes", "--skip-preview"] as const;
const DAY = 24 * 60 * 60 * 1000;

let cluster: ControlPlane;
let admin: ApiClient;
let project: OfficialProject;
/** Names of the control planes, as nodes. */
let nodes: readonly string[];

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  project = undo.use(await OfficialProject.open(STACK, join(ROOT, `examples/${STACK}.yaml`)));
  const state = join(project.folder, "state");
  mkdirSync(state);
  project.settings({ backend: { url: `file://${state}` } });
  project.skipCheckpoints();
  await project.startCloud();
  await project.pulumi("stack", "init", STACK, "--secrets-provider", "passphrase");
  await useKubeconfig(await cluster.kubeconfig());
  const { servers } = lab(readEnvironment(project.stackFile)).plan;
  nodes = servers.filter(({ role }) => role === "controlPlane").map(({ name }) => name);
});

/** As for a cluster that exists already. */
async function useKubeconfig(text: string): Promise<void> {
  await project.pulumi("config", "set", "--stack", STACK, "--secret", "labstead:kubeconfig", text);
  await project.succeed("up", STACK, ...YES);
}

async function apply(manifest: Manifest): Promise<void> {
  const answer = await admin.apply(manifest, { force: "true" });
  if (answer.status > 201) throw new Error(said(answer));
}

function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+/, "");
}

function node(name: string, end?: string): Manifest {
  const annotations = end === undefined ? {} : { annotations: { [CERTIFICATES_ANNOTATION]: end } };
  return { apiVersion: "v1", kind: "Node", metadata: { name, ...annotations } };
}

async function served(): Promise<Manifest> {
  const { certificate, key } = await cluster.authority.server(["hub.example.org"]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...INGRESS_CERTIFICATE },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificate, "tls.key": key },
  };
}

function line({ output }: Ended, key: string): string {
  return output.split("\n").find((each) => each.trim().startsWith(`${key} `)) ?? "";
}

test("what the cluster does not have yet is reported, and is no error", async () => {
  const ended = await project.labstead("doctor", STACK);
  expect(ended.code).toBe(0);
  expect(line(ended, "kubeadm/controlPlane/0")).toMatch(/ unread +the cluster has no node \S+$/);
  expect(line(ended, "secret/ingress.default-certificate")).toMatch(
    / unread +the cluster does not answer: HTTP 404: secrets "tls-secret" not found$/,
  );
  await apply(node(nodes[0] ?? ""));
  expect(line(await project.labstead("doctor", STACK), "kubeadm/controlPlane/0")).toMatch(
    / unread +node \S+ has no annotation labstead\.dev\/certificates-end yet$/,
  );
});

test("dates are those of node and Secret: in time, soon with what to do, past with exit code 1", async () => {
  await apply(await served());
  for (const name of nodes) await apply(node(name, inDays(340.5)));
  const fine = await project.labstead("doctor", STACK);
  expect(fine.code).toBe(0);
  expect(line(fine, "kubeadm/controlPlane/0")).toMatch(/ ok +\d{4}-\d\d-\d\d, in 340 days$/);
  // The authority of the tests signs for a day.
  expect(line(fine, "secret/ingress.default-certificate")).toMatch(
    / soon +\d{4}-\d\d-\d\d, in \d days +labstead up jupyterhub$/,
  );
  expect(fine.output).not.toMatch(/PRIVATE KEY/);

  await apply(node(nodes[0] ?? "", inDays(200.5)));
  const missed = await project.labstead("doctor", STACK);
  expect(missed.code).toBe(0);
  expect(line(missed, "kubeadm/controlPlane/0")).toMatch(
    / soon +\d{4}-\d\d-\d\d, in 200 days +its timer has not run: journalctl -u labstead-certificates\.service/,
  );

  await apply(node(nodes[0] ?? "", inDays(-1.5)));
  const ended = await project.labstead("doctor", STACK);
  expect(ended.code).toBe(1);
  expect(line(ended, "kubeadm/controlPlane/0")).toMatch(
    / ended +\d{4}-\d\d-\d\d, 2 days ago +its timer has not run/,
  );
});

test("a cluster that refuses, and one that is away, say why; what the state knows is reported all the same", async () => {
  await useKubeconfig(await cluster.kubeconfig({ user: "nobody-known" }));
  const refused = await project.labstead("doctor", STACK);
  expect(line(refused, "kubeadm/controlPlane/0")).toMatch(
    / unread +the cluster does not answer: HTTP 403: .*; check the kubeconfig's user: it may not read nodes$/,
  );
  await cluster.stopApi();
  const away = await project.labstead("doctor", STACK);
  expect(away.code).toBe(0);
  expect(line(away, "kubeadm/controlPlane/0")).toMatch(
    / unread +the cluster does not answer: .*ECONNREFUSED/,
  );
  expect(line(away, "authority/ca")).toMatch(/ ok +\d{4}-\d\d-\d\d, in 36(49|50) days$/);
});

test("a wrong passphrase is reported: without the right one a state cannot be read", async () => {
  const { ended } = project.begin(["doctor", STACK], { PULUMI_CONFIG_PASSPHRASE: "another one" });
  expect(await ended).toEqual({
    code: 1,
    output:
      "the state cannot be read, nothing was changed: the passphrase is not the one that the state's secrets were encrypted with; without that one they cannot be read\n",
  });
});

test("for a stack that was never brought up, the message names the planned dates", async () => {
  await project.pulumi("stack", "init", "empty", "--secrets-provider", "passphrase");
  cpSync(project.stackFile, join(project.folder, "Pulumi.empty.yaml"));
  expect(await project.labstead("doctor", "empty")).toEqual({
    code: 1,
    output: "empty was never brought up here; what will end in it is listed by: labstead plan empty\n",
  });
});
