/** Numbers that Kubernetes takes within bounds. */

/**
 * @param owner whose number it is, for the message
 * @param most bound from above. @default none
 * @throws Error where it is no whole number within the bounds
 */
export function checkWhole(owner: string, key: string, value: number, least: number, most?: number): void {
  if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) return;
  const allowed = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  throw new Error(`${owner}: "${key}" is ${value}; write a whole number${allowed}`);
}
