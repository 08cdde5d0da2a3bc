/**
 * An error that a person can fix: its message is complete, so it is shown without a stack trace.
 * Anything else that is thrown is a fault of the program.
 */
export class Problem extends Error {}
