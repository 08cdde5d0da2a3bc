import { createRequire } from "node:module";

/** What this file uses of `@pulumi/pulumi/runtime/debuggable`, whose declarations leave it out. */
interface PromiseDebugging {
  readonly debugPromiseLeaks: boolean;
  debuggablePromise: <T>(promise: Promise<T>, context: string) => Promise<T>;
}

/**
 * Keeps Pulumi from recording a stack trace for each of its promises, some fifty for a resource, where nobody asked for
 * them by `PULUMI_DEBUG_PROMISE_LEAKS`: it takes them always and prints them only then. They are a tenth of the CPU time
 * of a preview. Promises that are still active at the end are found and reported as before.
 */
export function skipPromiseTraces(): void {
  const debugging = createRequire(__filename)("@pulumi/pulumi/runtime/debuggable") as PromiseDebugging;
  if (debugging.debugPromiseLeaks) return;
  const recorded = debugging.debuggablePromise;
  debugging.debuggablePromise = (promise, context) => withoutTrace(() => recorded(promise, context));
}

function withoutTrace<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
