import { setTimeout as sleep } from "node:timers/promises";

import type { CloudLogin } from "../../../openstack-api/clouds";
import { changing } from "../../../openstack-api/resources/octavia-changes";
import { Session } from "../../../openstack-api/session";
import { reply, Services } from "../services";

/** Milliseconds that the balancer takes for a change. */
const WORK = 60;

let services: Services;
let login: CloudLogin;
let session: Session;
let posts: string[];
let busy: boolean;

beforeEach(async () => {
  services = new Services();
  login = await services.start();
  session = new Session(login);
  posts = [];
  busy = false;
  services.answer = (request, response) => {
    if (request.method === "GET") {
      const loadbalancer = { id: "b1", provisioning_status: busy ? "PENDING_UPDATE" : "ACTIVE" };
      reply(response, 200, { loadbalancer });
    } else if (busy) {
      posts.push("refused");
      reply(response, 409, { faultstring: "Load Balancer b1 is immutable and cannot be updated." });
    } else {
      posts.push(request.url ?? "");
      busy = true;
      void sleep(WORK).then(() => (busy = false));
      reply(response, 201, {});
    }
  };
});

afterEach(() => services.stop());

function post(path: string, signal?: AbortSignal) {
  const call = { method: "POST", path, body: {} } as const;
  return changing(session, "b1", signal === undefined ? call : { ...call, signal });
}

test("many changes of a balancer come one after the other, none is refused", async () => {
  await Promise.all(["/a", "/b", "/c", "/d"].map((path) => post(path)));
  expect(posts).toEqual(["/a", "/b", "/c", "/d"].map((path) => `/v2/lbaas${path}`));
  expect(busy).toBe(false);
});

test("a change that fails, or is given up while it waits, does not hold the next ones up", async () => {
  const { answer } = services;
  services.answer = (request, response) => {
    if (request.url === "/v2/lbaas/bad") reply(response, 400, { faultstring: "no such protocol" });
    else answer(request, response);
  };
  const stop = new AbortController();
  const ends = Promise.allSettled([post("/bad"), post("/stopped", stop.signal), post("/good")]);
  stop.abort();
  const [bad, stopped, good] = await ends;
  expect(String(bad.status === "rejected" && bad.reason)).toMatch(/400 .*no such protocol/);
  expect(stopped.status).toBe("rejected");
  expect(good.status).toBe("fulfilled");
  expect(posts).toEqual(["/v2/lbaas/good"]);
});

test("a balancer that another client changes is asked again", async () => {
  const other = post("/theirs");
  const own = changing(new Session(login), "b1", { method: "POST", path: "/own", body: {} });
  await Promise.all([other, own]);
  expect(posts.filter((path) => path !== "refused").sort()).toEqual(["/v2/lbaas/own", "/v2/lbaas/theirs"]);
});
