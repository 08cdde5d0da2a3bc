import type { CloudLogin } from "../../openstack-api/clouds";
import { saidIn } from "../../openstack-api/service-error";
import { Session } from "../../openstack-api/session";
import { reply, Services } from "./services";

let services: Services;
let login: CloudLogin;
let session: Session;

beforeEach(async () => {
  services = new Services();
  login = await services.start();
  session = new Session(login);
});

afterEach(() => services.stop());

test("one token for many requests, the version put behind the endpoint", async () => {
  await Promise.all([session.list("network", "ports", "/ports"), session.userId(), session.projectId()]);
  expect(services.requests).toEqual(["POST /v3/auth/tokens undefined", "GET /v2.0/ports token-1"]);
});

test("a token that has ended is asked for again, once", async () => {
  services.answer = (_request, response) =>
    reply(response, services.tokens === 1 ? 401 : 200, { ports: [{ id: "a" }] });
  expect(await session.list("network", "ports", "/ports")).toEqual([{ id: "a" }]);
  services.answer = (_request, response) => reply(response, 401, { error: { message: "not you" } });
  await expect(session.list("network", "ports", "/ports")).rejects.toThrow(
    "network answers 401 to GET /ports: not you",
  );
  expect(services.tokens).toBe(3);
});

test("a service that is away for a moment is asked again, but nothing is made twice", async () => {
  let asked = 0;
  services.answer = (_request, response) => {
    asked += 1;
    reply(response, asked === 1 ? 503 : 200, { ports: [] });
  };
  expect(await session.list("network", "ports", "/ports")).toEqual([]);
  expect(asked).toBe(2);
  services.answer = (request) => request.socket.destroy();
  const before = services.requests.length;
  await expect(session.call("network", { method: "POST", path: "/ports", body: {} })).rejects.toThrow(
    /^network at http:\/\/127\.0\.0\.1:\d+\/v2\.0 does not answer to POST \/ports: /,
  );
  expect(services.requests.length).toBe(before + 1);
});

test("a service that stays away is named, with how long it was asked", async () => {
  const hasty = new Session(login, 1_500);
  await hasty.userId();
  await services.stop();
  await expect(hasty.call("network", { path: "/ports" })).rejects.toThrow(
    /does not answer to GET \/ports: .*ECONNREFUSED.* \(asked for 1\.5 s\)$/,
  );
});

test("a service that the cloud does not have is named", async () => {
  await expect(session.call("objectStore", { path: "/x" })).rejects.toThrow(
    "cloud lab has no objectStore service (object-store) in region One",
  );
});

test.each([
  [
    '{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: [\'port\']."}}',
    "Quota exceeded for resources: ['port'].",
  ],
  ['{"forbidden": {"code": 403, "message": "Quota exceeded for cores"}}', "Quota exceeded for cores"],
  ['{"error": {"code": 401, "message": "not you", "title": "Unauthorized"}}', "not you"],
  [
    '{"faultcode": "Client", "faultstring": "Load Balancer is immutable", "debuginfo": null}',
    "Load Balancer is immutable",
  ],
  [
    "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>No image found.</body></html>",
    "Not Found No image found.",
  ],
])("the service's own words are found in %s", (body, said) => {
  expect(saidIn(body)).toBe(said);
});
