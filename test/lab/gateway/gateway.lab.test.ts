/**
 * The gateway of users' pods with a real API server, the real oauth2-proxy and a real slapd: the program of the rendered
 * ConfigMaps runs with a token of its service account. There are no nodes: the tests say of pods what a scheduler and a
 * kubelet say, and small servers answer in their place.
 */
import { App } from "cdk8s";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Json } from "../../environment/configs";
import type { Manifest as Rendered } from "../../apps/manifests";
import { GATEWAY_IMAGES } from "../../../apps/user-pods/gateway/images";
import { UserPodsChart } from "../../../apps/user-pods/chart";
import type { Manifest } from "../../../deploy/manifest";
import { planCharts } from "../../../deploy/plan";
import { bindValues } from "../../../values";
import { behindGateway, LDAP, OIDC } from "../../apps/user-pods/gateway/gateways";
import {
  ask,
  Browser,
  ORIGIN,
  startGateway,
  type GatewayProcess,
} from "../../apps/user-pods/gateway/process";
import { userPodsPlan } from "../../apps/user-pods/pods";
import { BASE, passwordOf, startDirectory, type Directory } from "../../cli/users-directory/slapd";
import { setUp, Undo } from "../host/undo";
import type { ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { applyAll } from "../kubernetes/environments";
import { rightsIn, serviceAccount, untilMay } from "../kubernetes/reviews";
import { freePorts } from "../kubernetes/service-process";
import { OAUTH2_PROXY_VERSION, startOauth2Proxy } from "./oauth2-proxy";
import { Provider } from "./provider";

const [ADA, EMMY] = [37214, 37300];
const DEPLOYMENTS = "/apis/apps/v1/namespaces/tux/deployments";
const CLIENT_SECRET = "the-client-secret";
/** Of the example: two users whom the directory has, on any node. */
const PODS: Json = {
  nodes: {},
  volumes: {},
  "containers.api.mounts": {},
  "containers.dataserver.mounts": {},
  users: { ada: { uid: ADA }, emmy: { uid: EMMY, signInName: "emmy@example.org" } },
};

let cluster: ControlPlane;
let admin: ApiClient;
let directory: Directory;

function manifestsOf(identity: Json, changes: Json = {}): readonly (Manifest & Rendered)[] {
  const app = new App();
  new UserPodsChart(app, "pods", userPodsPlan(behindGateway(identity, { ...PODS, ...changes })));
  return planCharts(app).objects.map(
    ({ manifest }) => bindValues(manifest, ({ name }) => `${name}-`.padEnd(32, "x")) as Manifest & Rendered,
  );
}

/** What the kubelet mounts for the gateway's account. */
async function accountFolder(folder: string): Promise<string> {
  const account = join(folder, "account");
  mkdirSync(account);
  const path = "/api/v1/namespaces/tux/serviceaccounts/gateway/token";
  const { body } = await admin.ask("POST", path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  writeFileSync(join(account, "token"), (body["status"] as { readonly token: string }).token);
  writeFileSync(join(account, "ca.crt"), (await cluster.access()).ca);
  return account;
}

interface Starting {
  readonly manifests: readonly Rendered[];
  readonly identity: Json;
  readonly idle?: Json;
  readonly env?: Readonly<Record<string, string>>;
}

async function running(
  undo: Undo,
  { manifests, identity, idle, env = {} }: Starting,
): Promise<GatewayProcess> {
  const folder = undo.folder("gateway");
  const [http = 0, health = 0] = await freePorts(2);
  const account = await accountFolder(folder);
  const made = await startGateway({
    manifests,
    folder,
    ports: { http, health },
    change: (config) => ({
      ...config,
      accountFolder: account,
      // The UID is a port of loopback.
      pod: "http://127.0.0.1:{uid}",
      ...(idle === undefined ? {} : { idle }),
      identity: { ...config.identity, ...identity },
    }),
    env: {
      ...env,
      KUBERNETES_SERVICE_HOST: "localhost",
      KUBERNETES_SERVICE_PORT: new URL(cluster.server).port,
    },
  });
  undo.later(() => made.stop());
  return made;
}

async function replicasOf(uid: number): Promise<unknown> {
  const { body } = await admin.get(`${DEPLOYMENTS}/uid${String(uid)}`);
  return (body["spec"] as { readonly replicas: number }).replicas;
}

/** Says of the pods with a label what a scheduler or a kubelet says, as soon as there is one. */
async function sayOfPod(label: string, status: object): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const query = new URLSearchParams({ labelSelector: label }).toString();
    const { body } = await admin.get(`/api/v1/namespaces/tux/pods?${query}`);
    const [pod] = body["items"] as readonly { readonly metadata: { readonly name: string } }[];
    if (pod !== undefined) {
      const path = `/api/v1/namespaces/tux/pods/${pod.metadata.name}/status`;
      await admin.ask("PATCH", path, { status }, "application/strategic-merge-patch+json");
      return;
    }
    if (Date.now() > deadline) throw new Error(`no pod has the label ${label}`);
    await pause(200);
  }
}

const READY = {
  phase: "Running",
  conditions: [
    { type: "PodScheduled", status: "True" },
    { type: "Ready", status: "True" },
  ],
};

function becomesReady(uid: number): Promise<void> {
  return sayOfPod(`hebi-user=${String(uid)}`, READY);
}

/** The text of the page as soon as it has this. */
async function untilPage(browser: Browser, text: string): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const page = (await browser.get("/")).text;
    if (page.includes(text)) return page;
    if (Date.now() > deadline) throw new Error(`"${text}" is not on the page: ${page}`);
    await pause(200);
  }
}

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start({ serverNames: ["localhost"] }));
  admin = await cluster.client();
  await cluster.startControllers();
  await applyAll(admin, manifestsOf(OIDC));
  directory = undo.use(await startDirectory(undo.folder("slapd")));
  for (const uid of [ADA, EMMY]) {
    const pod = createServer((_, response) => response.end(`files of ${String(uid)}`));
    await new Promise<void>((resolve) => pod.listen(uid, "127.0.0.1", resolve));
    undo.later(() => {
      pod.closeAllConnections();
      pod.close();
    });
  }
});

test("the rendered oauth2-proxy is the one that runs here", () => {
  expect(GATEWAY_IMAGES.oauth2Proxy.tag).toBe(OAUTH2_PROXY_VERSION);
});

test("the gateway's account sees pods, starts and stops those of declared users, and can do nothing else", async () => {
  const [gateway, nobody] = [serviceAccount(admin, "tux", "gateway"), serviceAccount(admin, "tux", "nobody")];
  await untilMay(gateway, { verb: "list", resource: "pods", namespace: "tux" });
  const common = await rightsIn(nobody, "tux");
  const own = [...(await rightsIn(gateway, "tux"))].filter((right) => !common.has(right));
  expect(own.toSorted()).toEqual([
    "get /configmaps gateway-users",
    "get apps/deployments uid37214",
    "get apps/deployments uid37300",
    "list /pods",
    "patch apps/deployments/scale uid37214",
    "patch apps/deployments/scale uid37300",
  ]);
  expect([...(await rightsIn(gateway, "kube-system"))].filter((right) => !common.has(right))).toEqual([]);
  for (const client of [gateway, nobody]) client.close();
});

test("the rules of the namespace let the gateway's own pod in", async () => {
  await sayOfPod("app.kubernetes.io/name=gateway", READY);
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { body } = await admin.get(`${DEPLOYMENTS}/gateway`);
    const { readyReplicas } = body["status"] as { readonly readyReplicas?: number };
    if (readyReplicas === 1) break;
    if (Date.now() > deadline) throw new Error(JSON.stringify(body["status"]));
    await pause(200);
  }
});

describe("with OpenID Connect", () => {
  let gateway: GatewayProcess;
  let provider: Provider;

  setUp(async (undo) => {
    const [issuer = 0, asked = 0] = await freePorts(2);
    const client = { id: "pods", secret: CLIENT_SECRET, redirect: `${ORIGIN}/oauth2/callback` };
    provider = undo.use(
      new Provider(issuer, client, {
        ada: { preferred_username: "ada", email: "ada.l@example.org", email_verified: true },
        emmy: { preferred_username: "emmy@example.org", email: "emmy@example.org", email_verified: true },
        mallory: { preferred_username: "ada ", email: "mallory@example.org", email_verified: true },
        unverified: { preferred_username: "ada", email: "ada.l@example.org", email_verified: false },
      }),
    );
    await provider.start();
    const manifests = manifestsOf(OIDC);
    const proxy = await startOauth2Proxy(
      manifests,
      {
        "--oidc-issuer-url": provider.issuer,
        "--http-address": `127.0.0.1:${String(asked)}`,
        "--client-secret": CLIENT_SECRET,
        "--cookie-secret": "x".repeat(32),
      },
      asked,
      {
        file: join(undo.folder("oauth2-proxy"), "log"),
        progress: (line) => process.stderr.write(`  ${line}\n`),
      },
    );
    undo.later(() => proxy.stop());
    const target = `http://127.0.0.1:${String(asked)}`;
    const paths = ["/oauth2/start", "/oauth2/callback", "/oauth2/sign_out"];
    gateway = await running(undo, {
      manifests,
      identity: { url: `${target}/oauth2/userinfo`, pages: { target, paths } },
    });
  });

  /** Through the provider, as its person. @returns the last answer */
  async function signIn(person: string): Promise<{ readonly browser: Browser; readonly status: number }> {
    const browser = new Browser(gateway.port);
    const start = (await browser.get("/")).headers.location ?? "";
    expect(start).toBe("/oauth2/start?rd=%2F");
    const authorize = (await browser.get(start)).headers.location ?? "";
    const { pathname, search, port } = new URL(authorize);
    const back = await ask({
      port: Number(port),
      path: `${pathname}${search}`,
      headers: { cookie: `person=${person}` },
    });
    const callback = new URL(back.headers.location ?? "");
    expect(callback.origin).toBe(ORIGIN);
    const { status } = await browser.get(`${callback.pathname}${callback.search}`);
    return { browser, status };
  }

  test("two people start, open and stop their own pods, and nobody else's", async () => {
    const [{ browser: ada }, { browser: emmy }] = [await signIn("ada"), await signIn("emmy")];
    for (const [browser, name] of [
      [ada, "ada"],
      [emmy, "emmy@example.org"],
    ] as const)
      expect((await browser.get("/")).text).toContain(`Signed in as ${name}.`);
    expect((await ada.post("/start")).status).toBe(303);
    expect([await replicasOf(ADA), await replicasOf(EMMY)]).toEqual([1, 0]);
    await becomesReady(ADA);
    const page = await untilPage(ada, "It runs.");
    expect(page).toContain("it is stopped in 1 h 59 min");
    expect(await ada.get("/uid37214/")).toMatchObject({ status: 200, text: "files of 37214" });
    expect(await emmy.get("/uid37214/")).toMatchObject({ status: 403 });
    expect(await ada.get("/uid37300/")).toMatchObject({ status: 403 });
    expect((await emmy.post("/stop")).status).toBe(303);
    expect(await replicasOf(ADA)).toBe(1);
    expect((await ada.post("/stop")).status).toBe(303);
    expect(await replicasOf(ADA)).toBe(0);
    await untilPage(ada, "It is stopped.");
  });

  test("headers that name somebody are refused, and make nobody signed in", async () => {
    const { browser: emmy } = await signIn("emmy");
    for (const header of ["x-forwarded-user", "x-auth-request-preferred-username", "x_forwarded_user"])
      for (const browser of [emmy, new Browser(gateway.port)])
        expect(await browser.get("/uid37214/", { [header]: "ada" })).toMatchObject({ status: 400 });
    // What issue 3506 of oauth2-proxy is about.
    const forged = { "x-forwarded-uri": "/oauth2/sign_in", "x-forwarded-for": "127.0.0.1" };
    expect(await new Browser(gateway.port).get("/uid37214/", forged)).toMatchObject({ status: 303 });
  });

  test("a name that is not exactly that of a user, an unverified address and a forged session are nobody's", async () => {
    const { browser: mallory } = await signIn("mallory");
    expect(await mallory.get("/")).toMatchObject({ status: 403 });
    expect((await signIn("unverified")).status).toBeGreaterThanOrEqual(400);
    const forged = new Browser(gateway.port);
    forged.setCookie("__Host-labstead-oidc", "YWRh|1700000000|c2lnbmF0dXJl");
    expect(await forged.get("/")).toMatchObject({ status: 303 });
  });

  test("who signs out is asked again", async () => {
    const { browser } = await signIn("ada");
    const out = (await browser.post("/sign-out")).headers.location ?? "";
    await browser.get(out);
    expect(await browser.get("/")).toMatchObject({ status: 303 });
  });

  test("why a pod does not come up is on the page, and it comes up when that is mended", async () => {
    const { browser } = await signIn("ada");
    await browser.post("/start");
    const message = "0/3 nodes are available: 3 Insufficient memory.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    await sayOfPod(`hebi-user=${String(ADA)}`, { conditions });
    expect(await untilPage(browser, "No node has room for it now.")).toContain(message);
    await becomesReady(ADA);
    await untilPage(browser, "It runs.");
    await browser.post("/stop");
  });
});

describe("with a directory", () => {
  const identityOf = (url: string): Json => ({ url, dn: `cn={name},${BASE}` });

  async function gatewayOf(
    undo: Undo,
    url: string,
    changes: Partial<Starting> = {},
  ): Promise<GatewayProcess> {
    return running(undo, {
      manifests: manifestsOf(LDAP, { "users.emmy.signInName": "emmy" }),
      identity: { ...identityOf(url), ca: readFileSync(directory.authority, "utf8"), timeoutSeconds: 3 },
      env: { SESSION_SECRET: "s".repeat(64) },
      ...changes,
    });
  }

  let gateway: GatewayProcess;
  setUp(async (undo) => {
    await applyAll(admin, manifestsOf(LDAP, { "users.emmy.signInName": "emmy" }));
    gateway = await gatewayOf(undo, directory.secure);
  });

  async function signIn(name: string, password: string, at = gateway): Promise<Browser | number> {
    const browser = new Browser(at.port);
    const page = (await browser.get("/uid37214/a")).headers.location ?? "";
    expect(page).toBe("/sign-in?page=%2Fuid37214%2Fa");
    const answer = await browser.post("/sign-in", { name, password, page: "/" });
    return answer.status === 303 ? browser : answer.status;
  }

  test("two people with their passwords start and open their own pods", async () => {
    for (const [name, uid, other] of [
      ["ada", ADA, EMMY],
      ["emmy", EMMY, ADA],
    ] as const) {
      const browser = (await signIn(name, passwordOf(name))) as Browser;
      await browser.post("/start");
      expect(await replicasOf(uid)).toBe(1);
      await becomesReady(uid);
      await untilPage(browser, "It runs.");
      expect((await browser.get(`/uid${String(uid)}/`)).text).toBe(`files of ${String(uid)}`);
      expect((await browser.get(`/uid${String(other)}/`)).status).toBe(403);
      await browser.post("/stop");
      expect(await replicasOf(uid)).toBe(0);
    }
  });

  test("no password, a wrong one, somebody else's and a name that is more than a name are refused", async () => {
    expect(await signIn("ada", "")).toBe(403);
    expect(await signIn("ada", "guessed")).toBe(403);
    expect(await signIn("ada", passwordOf("emmy"))).toBe(403);
    expect(await signIn(`emmy,${BASE}`, passwordOf("emmy"))).toBe(403);
    expect(await signIn("*", passwordOf("emmy"))).toBe(403);
  });

  test("after five wrong passwords the name waits, also with the right one", async () => {
    for (const name of ["copy", "COPY", "copy ", " Copy", "copy"])
      expect(await signIn(name, "guessed")).toBe(403);
    expect(await signIn("copy", passwordOf("copy"))).toBe(429);
  });

  test("by StartTLS; a directory whose certificate nobody trusts, and one that is away, sign nobody in", async () => {
    await Undo.within(async (undo) => {
      const plain = await gatewayOf(undo, directory.plain);
      expect(await signIn("ada", passwordOf("ada"), plain)).toBeInstanceOf(Browser);
      const untrusting = await running(undo, {
        manifests: manifestsOf(LDAP),
        identity: { ...identityOf(directory.secure), timeoutSeconds: 3 },
        env: { SESSION_SECRET: "s".repeat(64) },
      });
      expect(await signIn("ada", passwordOf("ada"), untrusting)).toBe(502);
      const [nobody = 0] = await freePorts(1);
      const away = await gatewayOf(undo, `ldaps://localhost:${String(nobody)}`);
      expect(await signIn("ada", passwordOf("ada"), away)).toBe(502);
    });
  });

  test("a pod that nobody uses is stopped, also one that was started by the command", async () => {
    const scale = { spec: { replicas: 1 } };
    await admin.ask("PATCH", `${DEPLOYMENTS}/uid37300/scale`, scale, "application/merge-patch+json");
    await Undo.within(async (undo) => {
      const culling = await gatewayOf(undo, directory.secure, {
        idle: { afterSeconds: 3, everySeconds: 0.5 },
      });
      const ada = (await signIn("ada", passwordOf("ada"), culling)) as Browser;
      await ada.post("/start");
      const until = Date.now() + 30_000;
      while ((await replicasOf(EMMY)) !== 0) {
        if (Date.now() > until) throw new Error(`the pod is not stopped: ${culling.said()}`);
        await ada.get("/uid37214/");
        await pause(300);
      }
      expect(await replicasOf(ADA)).toBe(1);
      expect(culling.said()).toContain("stopped uid37300: idle for 3 s");
      while ((await replicasOf(ADA)) !== 0) {
        if (Date.now() > until) throw new Error(`the pod is not stopped: ${culling.said()}`);
        await pause(300);
      }
    });
  });
});
