/** Paths of the program's own files on a server. */

/** Scripts and settings that the lab's own units read. */
export const LIBRARY = "/usr/local/lib/labstead";
export const SETTINGS = "/etc/labstead";
/** Files that are written at each boot. */
export const RUNTIME = "/run/labstead";
export const UNITS = "/etc/systemd/system";
