/** How a command that runs for long is ended. */

/** Ctrl-C, and the end of a service. */
export function interrupted(): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, abort);
  return controller.signal;
}
