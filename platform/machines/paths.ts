/** Where the program's own things lie on a server. */

/** Scripts and settings that units of ours read. */
export const LIBRARY = "/usr/local/lib/labstead";
export const SETTINGS = "/etc/labstead";
/** What is found out at each boot. */
export const RUNTIME = "/run/labstead";
export const UNITS = "/etc/systemd/system";

/**
 * The account that operators and pushed files come in by, whatever the image's own is called. cloud-init gives it the
 * key pair of the server.
 */
export const OPERATOR = "labstead";
/** The bastion's account of those who pass through to somewhere else. */
export const JUMP = "jump";
