/** Plans of a network, a server and a volume by themselves: described by the environment's own code. */
import { describe as describeInfra } from "../../infra/describe";
import { LabNetwork, type LabNetworkProps } from "../../infra/standalone/network";
import { serverPlanOf } from "../../environment/standalone/server";
import { LabVolume } from "../../infra/standalone/volume";

const SERVER = { flavor: "small", image: "ubuntu-24.04", keyPair: "operators" };

function described(settings: object) {
  return new Map(
    describeInfra(serverPlanOf("web", { ...SERVER, ...settings })).map((each) => [each.key, each]),
  );
}

test("a server is described as one of an environment", () => {
  const all = described({
    address: "192.168.7.10",
    volumes: { data: { size: "1Ti" }, scratch: { size: "20Gi", protect: false } },
    allow: [{ from: "198.51.100.0/24", port: 80, lastPort: 443, reason: "Users" }],
    floatingIpPool: "public",
  });
  expect([...all.keys()].sort()).toMatchSnapshot();
  expect(all.get("server/web")?.options.ignoreChanges).toContain("userData");
  expect(all.get("server/web")?.options.replaceOnChanges).toEqual(["metadata.generation"]);
  expect(all.get("volume/web/data")).toMatchObject({ inputs: { size: 1024 }, options: { protect: true } });
  expect(all.get("volume/web/scratch")?.options.protect).toBe(false);
  expect(all.get("attachment/web/scratch")?.options.dependsOn).toEqual(["attachment/web/data"]);
  expect(all.get("rule/web/tcp-80-443-from-198.51.100.0/24")?.inputs).toMatchObject({
    direction: "ingress",
    protocol: "tcp",
    portRangeMin: 80,
    portRangeMax: 443,
    remoteIpPrefix: "198.51.100.0/24",
    description: "Users",
  });
  expect(all.get("port/web")?.inputs).toMatchObject({
    portSecurityEnabled: true,
    fixedIps: [{ ipAddress: "192.168.7.10" }],
  });
});

test("nobody comes in where nobody is allowed", () => {
  expect([...described({}).keys()].filter((key) => key.startsWith("rule/"))).toEqual([]);
});

test.each<[string, object, string]>([
  [
    "a size without a unit",
    { volumes: { data: { size: "100" } } },
    'volumes.data.size: "100" is not a size; write a whole number and its unit, such as 100Gi or 2Ti',
  ],
  [
    "an address that is none",
    { address: "192.168.7" },
    'address: "192.168.7" is not an IPv4 address; write four numbers, such as 192.168.3.10',
  ],
  [
    "a range of ports that ends first",
    { allow: [{ from: "198.51.100.0/24", port: 443, lastPort: 80, reason: "x" }] },
    "allow.0: ends before it starts; write the first port as port, and the last one as lastPort",
  ],
  ["an unknown key", { flavour: "small" }, "flavour: is not a key that exists here; did you mean flavor?"],
])("%s is an error with its fix", (_, settings, message) => {
  expect(() => serverPlanOf("web", { ...SERVER, ...settings })).toThrow(
    `web: 1 error, nothing was changed\n  ${message}`,
  );
});

test("a name that OpenStack and DNS would not take is an error, with all others", () => {
  expect(() => serverPlanOf("Web 1", { ...SERVER, generation: 0 })).toThrow(
    /^Web 1: 2 errors.*\n {2}name: "Web 1" is not a valid name; .*\n {2}generation: 0 is less than 1; /,
  );
});

test("networks and volumes are checked before anything is registered", () => {
  const wrong: LabNetworkProps = { cidr: "192.168.7.1/24" };
  expect(() => new LabNetwork("site", wrong)).toThrow(
    'cidr: "192.168.7.1/24" is an address inside a network; write the network\'s first address, such as 192.168.3.0/24',
  );
  expect(() => new LabVolume("archive", { size: "0Gi" })).toThrow('size: "0Gi" is not a size');
});
