/**
 * What a person can mend: its message says everything, so whoever runs the program tells it alone, without a stack trace.
 * Anything else that is thrown is a fault of the program.
 */
export class Problem extends Error {}
