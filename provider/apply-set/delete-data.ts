/** How a destroy deletes objects with data too: a plugin gets no other word from the command that starts the engine. */

/** The environment variable: `true`. `--with-data` sets it. */
export const DELETE_DATA = "LABSTEAD_DELETE_DATA";

/** Whether this process was started with it. */
export function deletesDataByEnvironment(): boolean {
  return process.env[DELETE_DATA] === "true";
}
