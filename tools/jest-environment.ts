/**
 * Jest's environment for tests: marks those whose set-up failed, which no second run excuses, and limits the length of
 * stack traces.
 */
import { TestEnvironment } from "jest-environment-node";
import type { Circus } from "@jest/types";
import { SET_UP_FAILED } from "./set-up-failure";

/** Takes the stack trace of every promise that Pulumi's SDK creates, for its search of promises that never settle. */
const TRACES_PROMISES = /@pulumi\/pulumi\/runtime\/debuggable\.js$/;

export default class SetUpEnvironment extends TestEnvironment {
  /**
   * Mapping a trace to the sources costs more than all the rest of registering a resource, and there is one for each of
   * its inputs: those that nobody reads are left empty.
   */
  override async setup(): Promise<void> {
    await super.setup();
    this.global.Error.prepareStackTrace = (error, frames): unknown =>
      TRACES_PROMISES.test(frames[0]?.getFileName() ?? "") ? "" : Error.prepareStackTrace(error, frames);
  }

  /** Called by Jest for each event of the run, after its own handlers. */
  handleTestEvent(event: Circus.Event): void {
    if (event.name === "hook_failure" || event.name === "test_fn_failure") straighten(event.error);
    if (event.name === "hook_failure" && event.hook.type === "beforeAll" && event.describeBlock !== undefined)
      mark(event.describeBlock);
  }
}

/** `execFileSync` throws an error that has itself as `error`: Jest cannot write that as JSON, and would lose all results. */
function straighten(error: unknown): void {
  if (typeof error === "object" && error !== null && "error" in error && error.error === error)
    delete error.error;
}

function mark({ children }: Circus.DescribeBlock): void {
  for (const child of children) {
    if (child.type === "describeBlock") mark(child);
    else child.errors.push(failure());
  }
}

/** Without a stack, which would be this file's. */
function failure(): Error {
  const error = new Error(SET_UP_FAILED);
  error.stack = error.message;
  return error;
}
