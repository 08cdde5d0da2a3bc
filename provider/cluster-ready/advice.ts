/** What the gate says when it gives up: what it tried, what it heard, what to do. */
import type { GateInputs, Way } from "./inputs";
import type { Observation } from "./probe";

/** How the waiting went. */
export interface Attempts {
  readonly count: number;
  readonly seconds: number;
  readonly last: Exclude<Observation, { readonly kind: "ready" }>;
}

export function gaveUp(inputs: GateInputs, { count, seconds, last }: Attempts): string {
  const { access, cluster, hint } = inputs;
  const proxy = access.proxy === undefined ? "" : ` through the proxy ${shownProxy(access.proxy)}`;
  const name = access.serverName === undefined ? "" : `, certificate name ${access.serverName}`;
  const what = last.kind === "refused" ? "refuses this program" : "is not ready";
  return [
    `the Kubernetes API${cluster === "" ? "" : ` of cluster "${cluster}"`} ${what} after ${seconds} s (${plural(count)})`,
    `  asked: ${access.server}/readyz${proxy}${name}`,
    `  last answer: ${last.answer}`,
    `  check: ${last.kind === "refused" ? last.check : ADVICE[inputs.how](inputs)}`,
    ...(hint === "" ? [] : [`  ${hint}`]),
  ].join("\n");
}

function plural(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}

/** Without user and password. */
export function shownProxy(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

const ADVICE: Readonly<Record<Way, (inputs: GateInputs) => string>> = {
  direct: ({ access }) =>
    `that this machine reaches it (curl -k ${access.server}/readyz), and the control plane's log (journalctl -u kubelet)`,
  allowlist: ({ access }) =>
    `that the address this machine comes from is in access.operator.from of the stack's file; if it is not, add it and run up again. Then: curl -k ${access.server}/readyz`,
  tunnel: ({ access }) =>
    `that the tunnel through the bastion is open: ssh -N -D ${access.proxy?.host ?? "127.0.0.1:1080"} <bastion>; leave it running and run up again`,
  wireguard: () =>
    "that the WireGuard tunnel is up: sudo wg-quick up wg0, and sudo wg show wg0 names a handshake of the last minutes; then run up again",
};
