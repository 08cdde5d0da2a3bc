/** The look into a real cloud, against a service that answers as Keystone, Neutron and Cinder do. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealLook } from "../../rehearsal/look-real";
import { PORT, SEC_GROUP_RULE } from "../../rehearsal/openstack/tokens";

const folder = mkdtempSync(join(tmpdir(), "look-real-"));
const asked: string[] = [];
let server: Server;
let look: RealLook;

const port = (id: string, description: string) => ({
  id,
  name: "lab-worker-0",
  description,
  network_id: "n1",
  fixed_ips: [],
  security_groups: [],
});
const rule = (id: string, range: number | null) => ({
  id,
  security_group_id: "g1",
  direction: "ingress",
  ethertype: "IPv4",
  protocol: "tcp",
  port_range_min: range,
  port_range_max: range,
  remote_ip_prefix: null,
  remote_group_id: null,
});
const PORTS = [port("p1", "of the lab"), port("p2", "of others"), { ...port("p3", "of the lab"), name: "x" }];
const RULES = [rule("r1", 22), rule("r2", null)];

function answer(path: string): unknown {
  const [collection = "", id] = path.replace("/v2.0/", "").split(/[?/]/);
  const one = path.includes("?") ? undefined : id;
  if (collection === "ports")
    return one === undefined ? { ports: PORTS } : { port: PORTS.find((p) => p.id === one) };
  return one === undefined
    ? { security_group_rules: RULES }
    : { security_group_rule: RULES.find((r) => r.id === one) };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const path = request.url ?? "";
    response.setHeader("content-type", "application/json");
    asked.push(path);
    if (!path.endsWith("/auth/tokens")) return response.end(JSON.stringify(answer(path)));
    const endpoints = [{ interface: "public", region_id: "one", url }];
    response.setHeader("x-subject-token", "t");
    const token = { user: { id: "u" }, project: { id: "p" }, catalog: [{ type: "network", endpoints }] };
    return response.end(JSON.stringify({ token }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const auth = `auth_url: http://127.0.0.1:${String((server.address() as AddressInfo).port)}, username: u, password: p, project_name: p`;
  writeFileSync(join(folder, "clouds.yaml"), `clouds: {lab: {auth: {${auth}}}}`);
  look = new RealLook({ cloud: "lab", cloudsFile: join(folder, "clouds.yaml") });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a port is known again by all that is said of it, not by its name alone", async () => {
  const wanted = { name: "lab-worker-0", description: "of the lab", networkId: "n1" };
  expect(await look.find(PORT, wanted)).toEqual(["p1"]);
  expect(asked).toContain("/v2.0/ports?name=lab-worker-0&network_id=n1");
  // What is named otherwise is not asked for.
  expect(asked).not.toContain("/v2.0/ports/p3");
});

test("a rule without ports is another one than that with ports", async () => {
  const wanted = { securityGroupId: "g1", direction: "ingress", ethertype: "IPv4", protocol: "tcp" };
  const none = { portRangeMin: null, portRangeMax: null, remoteIpPrefix: null, remoteGroupId: null };
  expect(await look.find(SEC_GROUP_RULE, { ...wanted, ...none })).toEqual(["r2"]);
});

test("a type that is not looked for is told, without a request", async () => {
  const before = asked.length;
  expect(await look.find("openstack:dns/zone:Zone", { name: "z" })).toBeUndefined();
  expect(asked).toHaveLength(before);
});
