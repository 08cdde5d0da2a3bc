/** The gateway's program as a process: an API server and a sign-in of the tests, and pods that are small servers. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Authority } from "../../../lab/kubernetes/authority";
import { uniqueName } from "../../../lab/host/names";
import { freePorts } from "../../../lab/kubernetes/service-process";
import { AUTH_URL, gatewayManifests } from "./gateways";
import { ask, Browser, HOST, ORIGIN, startGateway, type GatewayProcess } from "./process";

const [ADA, GRACE] = [37214, 37877];
const FOREIGN = "https://evil.example.net";

const folder = join(tmpdir(), uniqueName("gateway"));
const ends: (() => unknown)[] = [];

/** What the API server of the tests knows. */
const replicas = new Map<number, number>();
const patched: string[] = [];
/** Requests that reached a pod, with its UID. */
const atPod: { readonly uid: number; readonly request: IncomingMessage }[] = [];

let gateway: GatewayProcess;

async function listening(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Answers for users, Deployments and pods, as far as the gateway asks. */
async function startApi(): Promise<number> {
  const authority = await Authority.create("gateway");
  const { certificate, key } = await authority.server(["localhost"]);
  writeFileSync(join(folder, "ca.crt"), authority.pem);
  writeFileSync(join(folder, "token"), "the-token");
  const users = gatewayManifests(AUTH_URL).find(({ metadata }) => metadata.name === "gateway-users");
  const server = createHttps({ cert: certificate, key }, (request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const uid = Number(/uid(\d+)/.exec(url)?.[1] ?? /hebi-user%3D(\d+)/.exec(url)?.[1]);
      if (request.headers.authorization !== "Bearer the-token") response.writeHead(401);
      if (method === "PATCH") {
        patched.push(`${url} ${body}`);
        replicas.set(uid, (JSON.parse(body) as { spec: { replicas: number } }).spec.replicas);
      }
      response.end(JSON.stringify(objectAt(url, uid, users?.["data"])));
    });
  });
  return listening(server);
}

function objectAt(url: string, uid: number, users: unknown): object {
  const count = replicas.get(uid) ?? 0;
  if (url.includes("/configmaps/gateway-users")) return { data: users };
  if (url.includes("/deployments/")) return { spec: { replicas: count }, status: { readyReplicas: count } };
  const shown = [...replicas].filter(([of, has]) => has > 0 && (Number.isNaN(uid) || of === uid));
  return { items: shown.map(([of]) => ({ metadata: { labels: { "hebi-user": String(of) } } })) };
}

/** The name is what the cookie says: the service that the gateway trusts. */
async function startSignIn(): Promise<number> {
  const server = createHttp((request, response) => {
    const name = /_oauth2_proxy=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    response.writeHead(
      name === undefined ? 401 : 202,
      name === undefined ? {} : { "x-auth-request-preferred-username": name },
    );
    response.end();
  });
  return listening(server);
}

/** Answers with what it got; a WebSocket is accepted, and echoed. */
async function startPod(uid: number): Promise<void> {
  const server = createHttp((request, response) => {
    atPod.push({ uid, request });
    response.setHeader("set-cookie", ["own=1; Path=/", "_oauth2_proxy=stolen; Path=/"]);
    request.pipe(response);
  });
  server.on("upgrade", (request, socket) => {
    atPod.push({ uid, request });
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    socket.pipe(socket);
  });
  await listening(server, uid);
}

beforeAll(async () => {
  mkdirSync(folder, { mode: 0o700 });
  const [api, signIn, [http = 0, health = 0]] = [await startApi(), await startSignIn(), await freePorts(2)];
  for (const uid of [ADA, GRACE]) await startPod(uid);
  gateway = await startGateway({
    manifests: gatewayManifests(
      AUTH_URL,
      {},
      { idle: { kind: "stop", afterSeconds: 300, everySeconds: 10 } },
    ),
    folder,
    ports: { http, health },
    change: (config) => ({
      ...config,
      accountFolder: folder,
      // The UID is a port of loopback.
      pod: "http://127.0.0.1:{uid}",
      idle: { afterSeconds: 2, everySeconds: 0.2 },
      identity: { ...config.identity, url: `http://127.0.0.1:${String(signIn)}/oauth2/auth` },
    }),
    env: { KUBERNETES_SERVICE_HOST: "localhost", KUBERNETES_SERVICE_PORT: String(api) },
  });
});

afterAll(async () => {
  await gateway.stop();
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  replicas.clear();
  patched.length = 0;
  atPod.length = 0;
});

function person(name?: string): Browser {
  const browser = new Browser(gateway.port);
  if (name !== undefined) browser.setCookie("_oauth2_proxy", name);
  return browser;
}

test("without a sign-in a page leads to it, and anything else is refused", async () => {
  const page = await person().get("/uid37214/a?b=1");
  expect(page.status).toBe(303);
  expect(page.headers.location).toBe(
    `https://id.example.org/oauth2/start?rd=${encodeURIComponent(`${ORIGIN}/uid37214/a?b=1`)}`,
  );
  expect((await person().get("/uid37214/a", { accept: "*/*" })).status).toBe(401);
  expect((await person().post("/start")).status).toBe(401);
});

test("a person starts, opens and stops the own pod", async () => {
  const ada = person("ada");
  expect((await ada.get("/")).text).toContain("It is stopped.");
  expect((await ada.post("/start")).headers.location).toBe("/");
  const page = (await ada.get("/")).text;
  expect(page).toContain('<a class="open" href="/uid37214/">Open</a>');
  expect(page).toContain("If you do not use it, it is stopped in less than a minute.");
  expect((await ada.get("/uid37214")).headers.location).toBe("/uid37214/");
  expect((await ada.get("/uid37214/data/?q=1")).status).toBe(200);
  expect((await ada.post("/stop")).status).toBe(303);
  expect(patched).toEqual(
    [1, 0].map(
      (count) =>
        `/apis/apps/v1/namespaces/tux/deployments/uid37214/scale {"spec":{"replicas":${String(count)}}}`,
    ),
  );
});

test("nobody reaches the pod of another user, nor one with a name that is not declared", async () => {
  const grace = await person("grace").get("/uid37214/");
  expect([grace.status, grace.text]).toEqual([403, "This is the pod of another user.\n"]);
  for (const path of ["/uid37214/../uid37877/", "/uid37877%2f..%2fuid37214/", "//uid37214/"]) {
    await person("grace").get(path);
  }
  const mallory = await person("mallory").get("/");
  expect(mallory.status).toBe(403);
  expect(mallory.text).toContain("You are signed in as mallory, who is no declared user.");
  expect(atPod.map(({ uid, request }) => [uid, request.url])).toEqual([]);
});

test.each([
  "X-Forwarded-User",
  "X_Forwarded_User",
  "X-Forwarded-Preferred-Username",
  "X-Auth-Request-Preferred-Username",
  "X_Auth-Request_Email",
  "Remote-User",
  "X-Remote-Group",
  "Impersonate-User",
])("a request that brings the header %s along is refused, signed in or not", async (header) => {
  for (const browser of [person(), person("grace")]) {
    const { status, text } = await browser.get("/", { [header]: "ada" });
    expect([status, text]).toEqual([
      400,
      `The header ${header.toLowerCase()} is refused: who you are is what the sign-in says.\n`,
    ]);
  }
});

test("another page of the web starts and stops nothing, and reads no pod", async () => {
  for (const origin of [FOREIGN, "https://hub.hebi.example.org", "null"]) {
    expect((await person("ada").post("/start", {}, origin)).status).toBe(403);
    expect((await person("ada").get("/uid37214/", { origin })).status).toBe(403);
  }
  expect((await person("ada").get("/start")).status).toBe(405);
  const { port } = gateway;
  const headers = { host: HOST, cookie: "_oauth2_proxy=ada" };
  expect((await ask({ port, path: "/start", method: "POST", headers })).status).toBe(403);
  expect(patched).toEqual([]);
});

test("only the gateway's own host is served", async () => {
  expect((await person("ada").get("/", { host: "hub.hebi.example.org" })).status).toBe(421);
  const absolute = `http://${HOST}/`;
  expect((await person("ada").get(absolute)).status).toBe(400);
});

test("a pod gets the path and the cookies of its own, and no cookie of the sign-in, nor sets one", async () => {
  const ada = person("ada");
  ada.setCookie("_oauth2_proxy_1", "part");
  ada.setCookie("own", "yes");
  const answer = await ada.get("/uid37214/files/%2e%2e/a%20b?q=1");
  const { url, headers } = atPod[0]!.request;
  expect(url).toBe("/files/%2e%2e/a%20b?q=1");
  expect(headers.cookie).toBe("own=yes");
  expect(headers["x-forwarded-prefix"]).toBe("/uid37214");
  expect(answer.headers["set-cookie"]).toEqual(["own=1; Path=/"]);
});

test("a body arrives whole, with a length and without one", async () => {
  const { port } = gateway;
  const headers = { host: HOST, cookie: "_oauth2_proxy=ada", origin: ORIGIN };
  const body = "x".repeat(300_000);
  for (const framing of [{ "content-length": String(body.length) }, { "transfer-encoding": "chunked" }])
    for (const method of ["POST", "DELETE"]) {
      const answer = await ask({
        port,
        path: "/uid37214/",
        method,
        headers: { ...headers, ...framing },
        body,
      });
      expect([answer.status, answer.text.length]).toEqual([200, body.length]);
    }
});

/** Opens a WebSocket. @returns the first answer, and what sends bytes. */
async function webSocket(
  name: string,
  uid: number,
  origin = ORIGIN,
): Promise<{ readonly answer: string; readonly send: (bytes: Buffer) => void; readonly end: () => void }> {
  const socket = connect(gateway.port, "127.0.0.1");
  ends.push(() => socket.destroy());
  const lines = [
    `GET /uid${String(uid)}/socket HTTP/1.1`,
    `Host: ${HOST}`,
    `Origin: ${origin}`,
    `Cookie: _oauth2_proxy=${name}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const answer = await new Promise<string>((resolve) => {
    socket.once("data", (bytes) => resolve(bytes.toString().split("\r\n", 1)[0] ?? ""));
  });
  return { answer, send: (bytes) => socket.write(bytes), end: () => socket.destroy() };
}

/** A frame of a browser: masked by zeros. */
const frame = (opcode: number): Buffer => Buffer.from([0x80 | opcode, 0x80 | 2, 0, 0, 0, 0, 1, 2]);

test("a WebSocket opens to the own pod alone, and from its own page alone", async () => {
  expect((await webSocket("ada", ADA)).answer).toBe("HTTP/1.1 101 Switching Protocols");
  expect((await webSocket("grace", ADA)).answer).toBe("HTTP/1.1 403 Forbidden");
  expect((await webSocket("ada", ADA, FOREIGN)).answer).toBe("HTTP/1.1 403 Forbidden");
});

test("an idle pod is stopped; one that is used runs on, and pings are no use", async () => {
  const [ada, grace] = [await webSocket("ada", ADA), await webSocket("grace", GRACE)];
  for (const uid of [ADA, GRACE]) replicas.set(uid, 1);
  for (let tenths = 0; tenths < 35; tenths += 1) {
    ada.send(frame(0x2));
    grace.send(frame(0x9));
    await pause(100);
  }
  expect([replicas.get(ADA), replicas.get(GRACE)]).toEqual([1, 0]);
  expect(gateway.said()).toContain("stopped uid37877: idle for 2 s");
  for (const { end } of [ada, grace]) end();
});

test("nothing of the program needs a package", () => {
  for (const each of gatewayManifests(AUTH_URL).filter(({ metadata }) =>
    metadata.name.startsWith("gateway-program-"),
  )) {
    const text = Object.values(each["data"] as Record<string, string>).join("");
    const required = [...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(required.filter((name) => !/^(node:|\.\/)/.test(name ?? ""))).toEqual([]);
  }
});
