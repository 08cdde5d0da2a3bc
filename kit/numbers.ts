/** Bounded numbers of Kubernetes. */

/**
 * @param owner the object with the number, for the message
 * @param most upper bound. @default none
 * @throws Error if it is not a whole number within the bounds
 */
export function checkWhole(owner: string, key: string, value: number, least: number, most?: number): void {
  if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) return;
  const allowed = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  throw new Error(`${owner}: "${key}" is ${value}; write a whole number${allowed}`);
}
