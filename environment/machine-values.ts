/** Names of the SSH keys of machines and pushes. Private keys are secrets; only a server's own may be in user data. */
import { identityPrefix } from "./secrets";
import { output, secret, type NamedValue } from "../values";

export const machineValues = {
  /** A server's SSH host key in OpenSSH's format: its identity from the first boot on, by the server's key in the plan. */
  hostKey: (server: string): NamedValue => secret(`${identityPrefix(server)}ssh-host.key`),
  /** Public half of the key of pushes, as a line of `authorized_keys`. */
  pushKey: output("machines/push.public"),
  /** Public half of the key of a tenant's pushes on the owner's bastion. */
  tenantKey: (tenant: string): NamedValue => output(`machines/tenants/${tenant}.public`),
} as const;
