/** Which servers send their logs, and what follows from the collector's authority. */
import { readEnvironment } from "../../environments";
import { join } from "node:path";
import { isOwner, type OwnerConfig } from "../../../environment/config";
import { lab, type Lab } from "../../../lab";
import { ROOT } from "../../cli/command";
import { certificateOf } from "./certificate";

const RULES = "/etc/rsyslog.d/10-labstead.conf";
const AUTHORITY = "/etc/rsyslog.d/labstead-authority.pem";

function ownerWith(logs: OwnerConfig["logs"]): OwnerConfig {
  const { config } = readEnvironment(join(ROOT, "Pulumi.prod.yaml"));
  if (!isOwner(config)) throw new Error("prod is no owner");
  return { ...config, logs };
}

function syslog(authority?: string): OwnerConfig["logs"] {
  const own = authority === undefined ? {} : { authority };
  return { kind: "syslog", host: "logs.example.org", port: 6514, queue: 1024, ...own };
}

/** Servers that have a file. */
function having({ machines, plan }: Lab, path: string): readonly string[] {
  return plan.servers
    .map(({ key }) => key)
    .filter((key) => machines.get(key)?.files.some((file) => file.path === path));
}

test("every server that is no cluster node sends its logs, a tenant's too", () => {
  const config = ownerWith(syslog());
  const prod = lab({ config });
  expect(having(prod, RULES)).toEqual(
    prod.plan.servers
      .filter(({ role }) => role !== "controlPlane" && role !== "workers")
      .map(({ key }) => key),
  );
  const test = lab({ ...readEnvironment(join(ROOT, "Pulumi.test.yaml")), owner: config });
  expect(having(test, RULES)).toEqual(["loadBalancer/0"]);
});

test("without a collector there is nothing of it", () => {
  const prod = lab({ config: ownerWith({ kind: "none" }) });
  expect(having(prod, RULES)).toEqual([]);
  expect(prod.machines.get("bastion/0")?.packages.map(({ name }) => name)).not.toContain("rsyslog");
});

test("a given authority is pushed before the rules, waited for, and its end is known", () => {
  const certificate = certificateOf("collector", 100);
  const prod = lab({ config: ownerWith(syslog(certificate)) });
  const { files = [], units = [] } = prod.machines.get("bastion/0") ?? {};
  const sealed = files.map(({ path }) => path).filter((path) => path.startsWith("/etc/rsyslog.d/"));
  expect(sealed).toEqual([AUTHORITY, RULES]);
  expect(files.find(({ path }) => path === RULES)?.content).toContain(`StreamDriver.CAFile="${AUTHORITY}"`);
  expect(units.find(({ name }) => name === "rsyslog.service")?.needs).toEqual([AUTHORITY, RULES]);
  const end = prod.plan.expiries.find(({ key }) => key === "logs/authority");
  const days = end?.lifetime.kind === "until" ? (Date.parse(end.lifetime.at) - Date.now()) / 86_400_000 : 0;
  expect(Math.round(days)).toBe(100);
  const without = lab({ config: ownerWith(syslog()) });
  expect(without.plan.expiries.map(({ key }) => key)).not.toContain("logs/authority");
  const rules = without.machines.get("bastion/0")?.files.find(({ path }) => path === RULES)?.content;
  expect(rules).toContain('StreamDriver.CAFile="/etc/ssl/certs/ca-certificates.crt"');
});
