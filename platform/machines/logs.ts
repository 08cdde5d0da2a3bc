/** Sends a server's journal to the lab's collector, by rsyslog over TLS; the journal itself stays as it is. */
import { assertNever } from "../../errors/assert-never";
import type { LogsPlan } from "../../environment/plan/types";
import { bootFile, sealedFile, type MachinePart } from "./config";
import { rsyslogString } from "../formats/strings";
import { LIBRARY } from "./paths";

/** Ubuntu's AppArmor profile lets rsyslogd read this folder, and no other of ours. */
const FOLDER = "/etc/rsyslog.d";
/** Before what the distribution has there, which writes the same into files once more. */
const RULES = `${FOLDER}/10-labstead.conf`;
const AUTHORITY = `${FOLDER}/labstead-authority.pem`;
const SYSTEMS_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
const CHECK = `${LIBRARY}/check-logs`;

/** For servers that are no cluster nodes. */
export function logShippingPart(logs: LogsPlan): MachinePart {
  switch (logs.kind) {
    case "none":
      return {};
    case "syslog":
      return syslogPart(logs);
    default:
      return assertNever(logs);
  }
}

type Syslog = Extract<LogsPlan, { kind: "syslog" }>;

function syslogPart(logs: Syslog): MachinePart {
  const { authority } = logs;
  const apply = { kind: "restart", unit: "rsyslog.service" } as const;
  const given =
    authority === undefined
      ? []
      : [
          sealedFile(AUTHORITY, `${authority.trim()}\n`, {
            mode: "0644",
            validate: ["openssl", "x509", "-noout", "-in", "{}"],
            apply,
          }),
        ];
  return {
    packages: ["rsyslog", "rsyslog-gnutls", "ca-certificates", "openssl"].map((name) => ({ name })),
    files: [
      bootFile("/etc/systemd/journald.conf.d/logs.conf", "[Journal]\nForwardToSyslog=yes\n"),
      bootFile(CHECK, CHECK_SCRIPT, "0755"),
      ...given,
      sealedFile(RULES, rules(logs), { mode: "0644", validate: [CHECK, "{}"], apply }),
    ],
    units: [
      {
        name: "rsyslog.service",
        state: "enabled",
        needs: authority === undefined ? [RULES] : [AUTHORITY, RULES],
      },
    ],
    checks: [{ name: "rsyslog", run: ["systemctl", "is-active", "rsyslog.service"], timeoutSeconds: 60 }],
  };
}

/** rsyslogd may only read its own folder, so what is to be checked is put there under a name that it does not include. */
const CHECK_SCRIPT = `#!/bin/sh
# check-logs FILE: whether rsyslogd takes these rules.
set -eu
candidate=$(mktemp ${FOLDER}/labstead-XXXXXX)
trap 'rm -f "$candidate"' EXIT
cat "$1" > "$candidate"
rsyslogd -N1 -f "$candidate"
`;

/**
 * What waits, waits on disk, also over a restart. Where the queue is full a new line is left out, so that no program
 * waits to log; it stands in the journal. A line may come twice after a connection broke. Nothing is written into this
 * server's own files: the journal has it all.
 */
function rules({ host, port, queue, authority }: Syslog): string {
  return `action(
  type="omfwd"
  target=${rsyslogString(host)}
  port="${String(port)}"
  protocol="tcp"
  template="RSYSLOG_SyslogProtocol23Format"
  TCP_Framing="octet-counted"
  StreamDriver="gtls"
  StreamDriverMode="1"
  StreamDriverAuthMode="x509/name"
  StreamDriverPermittedPeers=${rsyslogString(host)}
  StreamDriver.CAFile=${rsyslogString(authority === undefined ? SYSTEMS_AUTHORITIES : AUTHORITY)}
  queue.type="LinkedList"
  queue.filename="labstead"
  queue.maxDiskSpace="${String(queue)}m"
  queue.saveOnShutdown="on"
  queue.timeoutEnqueue="0"
  action.resumeRetryCount="-1"
  action.resumeInterval="10"
)
stop
`;
}
