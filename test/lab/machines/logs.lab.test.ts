/** The rules that a server ships its logs by: looked at by rsyslogd, a broken one refused, and lines that really arrive. */
import { planEnvironment } from "../../environments";
import { isOwner } from "../../../environment/config";
import { machines } from "../../../platform/machines";
import type { FileConfig, MachineConfig } from "../../../platform/machines/config";
import { selfSigned, type Signed } from "../../platform/machines/certificate";
import type { Finished } from "./host";
import { bakedConfig } from "./planned-machines";
import { Room } from "./room";

const COLLECTOR = "logs.example.org";
const RULES = "/etc/rsyslog.d/10-labstead.conf";

let room: Room;
let config: MachineConfig;
let collector: Signed;

beforeEach(async () => {
  collector = selfSigned(COLLECTOR, 2);
  config = bastionWith(collector.certificate);
  room = await Room.open();
  for (const { path, content, mode } of shipping()) room.write(path, content, Number.parseInt(mode, 8));
});
afterEach(() => room.close());

function bastionWith(authority: string): MachineConfig {
  const prod = bakedConfig();
  if (!isOwner(prod)) throw new Error("prod is no owner");
  const logs = { kind: "syslog", host: COLLECTOR, port: 6514, queue: 64, authority } as const;
  const planned = planEnvironment({ ...prod, logs });
  if (!planned.ok) throw new Error("prod cannot be planned with logs");
  const found = machines(planned.plan).get("bastion/0");
  if (found === undefined) throw new Error("prod has no bastion");
  return found;
}

function shipping(): readonly FileConfig[] {
  return config.files.filter(({ path }) => /rsyslog|check-logs/.test(path));
}

/** Each file by its own validator, as it is before it replaces anything. */
async function refusals(): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { path, delivery } of shipping()) {
    if (delivery.kind === "boot" || delivery.validate === undefined) continue;
    const { code } = await room.run(delivery.validate.map((word) => word.replace("{}", path)));
    if (code !== 0) refused.push(path);
  }
  return refused;
}

test("its own program takes each file, and leaves no candidate behind", async () => {
  expect(shipping().map(({ path }) => path)).toEqual(
    expect.arrayContaining([RULES, "/etc/rsyslog.d/labstead-authority.pem"]),
  );
  expect(await refusals()).toEqual([]);
  const { stdout } = await room.run(["ls", "/etc/rsyslog.d"]);
  expect(
    stdout
      .split("\n")
      .filter((name) => name !== "")
      .sort(),
  ).toEqual(expect.arrayContaining(["10-labstead.conf", "labstead-authority.pem"]));
  expect(stdout).not.toMatch(/labstead-[A-Za-z0-9]{6}$/m);
});

test.each([
  [RULES, 'queue.type="LinkedList"', 'queue.type="Linked"'],
  [RULES, "TCP_Framing", "TCP_Frame"],
  [RULES, "\nstop\n", "\nstopp\n"],
  ["/etc/rsyslog.d/labstead-authority.pem", "BEGIN CERTIFICATE", "BEGIN CERTIFCATE"],
])("a broken %s is refused: %j", async (path, from, to) => {
  const file = shipping().find((each) => each.path === path);
  expect(file?.content).toContain(from);
  room.write(path, (file?.content ?? "").replace(from, to));
  expect(await refusals()).toEqual([path]);
});

/** A collector of RFC 5425, by another rsyslogd. */
const COLLECT = `global(
  workDirectory="/tmp" DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="/tmp/collector.pem"
  DefaultNetstreamDriverCertFile="/tmp/collector.pem" DefaultNetstreamDriverKeyFile="/tmp/collector.key"
)
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
input(type="imtcp" port="6514" address="127.0.0.1")
action(type="omfile" file="/tmp/collected" template="RSYSLOG_SyslogProtocol23Format")
`;

/** The server's own rsyslogd, as the distribution starts it but for the socket, which systemd makes. */
const SEND = `global(workDirectory="/var/spool/rsyslog")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="/tmp/log")
include(file="/etc/rsyslog.d/10-labstead.conf")
action(type="omfile" file="/tmp/local")
`;

/** Logs one line while the collector is away, and one while it is there. */
const RUN = `set -eu
ip link set lo up
echo "127.0.0.1 ${COLLECTOR}" >> /etc/hosts
rsyslogd -n -iNONE -f /tmp/send.conf > /tmp/send.log 2>&1 &
sender=$!
sleep 1
logger -u /tmp/log "while it is away"
sleep 1
rsyslogd -n -iNONE -f /tmp/collect.conf > /tmp/collect.log 2>&1 &
collector=$!
tries=0
until [ -s /tmp/collected ] || [ $tries -ge 25 ]; do sleep 1; tries=$((tries + 1)); done
logger -u /tmp/log -p auth.info "while it is there"
sleep 2
kill $sender $collector
cat /tmp/collected 2> /dev/null || true
echo "local: $(cat /tmp/local 2> /dev/null || true)"
`;

function run(signed: Signed): Promise<Finished> {
  room.write("/tmp/collector.pem", signed.certificate);
  room.write("/tmp/collector.key", signed.key);
  room.write("/tmp/collect.conf", COLLECT);
  room.write("/tmp/send.conf", SEND);
  return room.run(["sh", "-c", RUN]);
}

test("lines arrive over TLS, also those from before the collector was there; nothing is written twice here", async () => {
  const { stdout } = await run(collector);
  expect(stdout).toMatch(/^<13>1 \S+ \S+ .* while it is away$/m);
  expect(stdout).toMatch(/^<38>1 \S+ \S+ .* while it is there$/m);
  expect(stdout).toMatch(/^local: $/m);
});

test("a collector with another authority's certificate hears nothing", async () => {
  const { stdout } = await run(selfSigned(COLLECTOR, 2));
  expect(stdout).toBe("local: \n");
});
