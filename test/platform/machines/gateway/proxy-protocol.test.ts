/** Who passes clients' addresses on, and who expects them: one value of the owner's configuration decides for all. */
import { readEnvironment } from "../../../environments";
import { join } from "node:path";
import { isOwner, type OwnerConfig } from "../../../../environment/config";
import { lab, type Lab } from "../../../../lab";
import { ROOT } from "../../../cli/command";

function ownerConfig(change: Partial<OwnerConfig["ingress"]>): OwnerConfig {
  const { config } = readEnvironment(join(ROOT, "Pulumi.prod.yaml"));
  if (!isOwner(config)) throw new Error("prod is no owner");
  return { ...config, ingress: { ...config.ingress, ...change } };
}

function owner(proxyProtocol: boolean): Lab {
  return lab({ config: ownerConfig({ proxyProtocol }) });
}

function tenant(proxyProtocol: boolean): Lab {
  const { config } = readEnvironment(join(ROOT, "Pulumi.test.yaml"));
  return lab({ config, owner: ownerConfig({ proxyProtocol }) });
}

/** Server lines of HAProxy by backend. */
function serverLines({ machines }: Lab): ReadonlyMap<string, readonly string[]> {
  const file = machines.get("loadBalancer/0")?.files.find(({ path }) => path === "/etc/haproxy/labstead.cfg");
  const sections = (file?.content ?? "").split(/^backend /m).slice(1);
  return new Map(
    sections.map((text) => {
      const [name = "", ...lines] = text.split("\n");
      return [name, lines.filter((line) => line.startsWith("    server "))];
    }),
  );
}

function toldTo(made: Lab): readonly string[] {
  return [...serverLines(made)].flatMap(([name, lines]) =>
    lines.length > 0 && lines.every((line) => line.includes(" send-proxy-v2")) ? [name] : [],
  );
}

function wanted({ deploy }: Lab): unknown {
  const settings = deploy.objects.find(
    ({ manifest }) => manifest.kind === "ConfigMap" && manifest.metadata.name === "ingress-nginx-controller",
  );
  return (settings?.manifest["data"] as Record<string, string>)["use-proxy-protocol"];
}

test("with it the load balancers of owner and tenant tell the ingress, and the ingress expects it", () => {
  expect(toldTo(owner(true))).toEqual(["edge-http", "edge-https"]);
  expect(toldTo(tenant(true))).toEqual(["edge-http", "edge-https"]);
  expect(wanted(owner(true))).toBe("true");
});

test("without it nobody sends it and nobody expects it", () => {
  expect(toldTo(owner(false))).toEqual([]);
  expect(toldTo(tenant(false))).toEqual([]);
  expect(wanted(owner(false))).toBeUndefined();
});

test("a health check of the ingress says it too, over TLS as well", () => {
  const lines = serverLines(owner(true));
  for (const line of lines.get("edge-http") ?? [])
    expect(line).toMatch(/:30080 check send-proxy-v2 check-send-proxy$/);
  for (const line of lines.get("edge-https") ?? [])
    expect(line).toMatch(/:30443 check check-ssl verify none send-proxy-v2 check-send-proxy$/);
});

test("Octavia's pools tell the ingress alone", () => {
  const config = {
    ...ownerConfig({ proxyProtocol: true }),
    edge: { kind: "octavia", floatingIp: true } as const,
  };
  const pools = lab({ config }).infra.filter(({ key }) => key.startsWith("pool/edge/"));
  const protocols = Object.fromEntries(
    pools.map(({ key, inputs }) => [key, (inputs as Record<string, unknown>)["protocol"]]),
  );
  expect(protocols).toMatchObject({ "pool/edge/http": "PROXYV2", "pool/edge/https": "PROXYV2" });
  expect(Object.values(protocols).filter((each) => each === "PROXYV2")).toHaveLength(2);
  expect(pools.length).toBeGreaterThan(2);
});
