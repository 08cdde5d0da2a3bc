/** Where the program's own things lie on a server. */

/** Scripts and settings that units of ours read. */
export const LIBRARY = "/usr/local/lib/labstead";
export const SETTINGS = "/etc/labstead";
/** What is found out at each boot. */
export const RUNTIME = "/run/labstead";
export const UNITS = "/etc/systemd/system";
