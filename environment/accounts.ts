/** Accounts that the program makes on servers. */

/**
 * The account that operators and pushed files come in by, whatever the image's own is called. cloud-init gives it the
 * key pair of the server.
 */
export const OPERATOR = "labstead";

/** The bastion's account of those who pass through to somewhere else. */
export const JUMP = "jump";
