/**
 * SSH trust between a server and the program from the first boot on: the server presents the host key that the program
 * generated for it, and authorizes the key that pushes files. Both are in user data: the host key is the server's own,
 * the other is a public key.
 */
import { OPERATOR } from "../../../environment/accounts";
import { machineValues } from "../../../environment/machine-values";
import type { ServerPlan } from "../../../environment/plan/types";
import { bootFile, type MachinePart } from "../config";
import { AUTHORIZED_KEYS } from "./ssh";

/** Not /etc/ssh/ssh_host_*: cloud-init deletes those and generates new ones at first boot. */
const HOST_KEY = "/etc/ssh/labstead_host_ed25519_key";
const PUSH_KEYS = "/etc/ssh/labstead_push_keys";
/** Sorts before the settings of `sshPart`: sshd uses the first value that it finds. */
const FILE = "/etc/ssh/sshd_config.d/05-labstead-identity.conf";

/** Requires the values of `MachineTrust` where user data is bound. */
export function sshIdentityPart(server: ServerPlan): MachinePart {
  const places = [".ssh/authorized_keys", `${AUTHORIZED_KEYS}/%u`, `${PUSH_KEYS}/%u`];
  return {
    files: [
      bootFile(HOST_KEY, machineValues.hostKey(server.key).toString(), "0600"),
      bootFile(`${PUSH_KEYS}/${OPERATOR}`, machineValues.pushKey.toString()),
      bootFile(FILE, `HostKey ${HOST_KEY}\nAuthorizedKeysFile ${places.join(" ")}\n`),
    ],
  };
}
