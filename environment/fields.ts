/** Whether a value that was read from a file is a mapping. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is a value as Pulumi encrypts one in a stack file: `secure: <text>`. */
export function isEncrypted(value: unknown): boolean {
  return isFields(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;
}
