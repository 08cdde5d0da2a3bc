/** Sends a server's journal to the lab's collector, by rsyslog over TLS; the journal itself stays unchanged. */
import { assertNever } from "../../errors/assert-never";
import type { LogsPlan } from "../../environment/plan/types";
import { bootFile, sealedFile, type MachinePart } from "./config";
import { rsyslogString } from "../formats/strings";
import { LIBRARY } from "./paths";

/** Ubuntu's AppArmor profile lets rsyslogd read this folder, and no other one of the lab. */
const FOLDER = "/etc/rsyslog.d";
/** Sorts before the distribution's file, which writes the same messages to files again. */
const RULES = `${FOLDER}/10-labstead.conf`;
const AUTHORITY = `${FOLDER}/labstead-authority.pem`;
const SYSTEMS_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
const CHECK = `${LIBRARY}/check-logs`;

/** For servers that are not cluster nodes. */
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

/** rsyslogd may only read its own folder, so the candidate is copied there under a name that it does not include. */
const CHECK_SCRIPT = `#!/bin/sh
# check-logs FILE: whether rsyslogd takes these rules.
set -eu
candidate=$(mktemp ${FOLDER}/labstead-XXXXXX)
trap 'rm -f "$candidate"' EXIT
cat "$1" > "$candidate"
rsyslogd -N1 -f "$candidate"
`;

/**
 * Waiting messages are queued on disk and survive a restart. If the queue is full, new messages are dropped, so that no
 * program blocks while logging; the journal still has them. A message may arrive twice after a broken connection.
 * Nothing is written to this server's own log files: the journal has everything.
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
