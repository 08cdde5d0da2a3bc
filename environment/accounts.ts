/** Accounts that the program makes on servers, and the tunnel through one of them. */

/**
 * The account of operators and of pushes, whatever the image's own is called. cloud-init gives it the
 * key pair of the server.
 */
export const OPERATOR = "labstead";

/** The bastion's account for forwarded connections only. */
export const JUMP = "jump";

/** Port of the SOCKS proxy that a tunnel through the bastion opens on the operator's machine (`ssh -D`). */
export const TUNNEL_PORT = 1080;
