/**
 * What a server is told at its first boot, as cloud-init reads it. User data is permanent (Nova's database, the config
 * drive, state), so nothing in it may be secret or change later: a name, UTC, and no way in by password.
 */
import { stringify } from "yaml";
import type { ServerPlan } from "../../environment/plan/types";

/** cloud-init takes a text for cloud-config by its first line. */
const HEADER = "#cloud-config\n";

export function userData(server: ServerPlan, domain: string): string {
  return `${HEADER}${stringify({
    hostname: server.name,
    fqdn: `${server.name}.${domain}`,
    prefer_fqdn_over_hostname: false,
    manage_etc_hosts: "localhost",
    timezone: "Etc/UTC",
    ssh_pwauth: false,
    disable_root: true,
  })}`;
}
