/** Protected resources, at which a destroy would stop: reported before anything is deleted. */
import { isLive, nameOf, type StackState } from "./stack-state";

/** Why a stack is not destroyed; undefined if it has no protected resources. */
export function protectionText(stack: string, state: StackState, command: string): string | undefined {
  const held = state.deployment.resources.filter((each) => each.protect === true && isLive(each));
  if (held.length === 0) return undefined;
  const things = held.map((each) => `  ${nameOf(each)} (${kindOf(each.type)})`).sort();
  return [
    `${stack} holds what is protected, nothing was changed:`,
    ...things,
    `to destroy all of it, data and addresses included: ${command}`,
  ].join("\n");
}

/** `openstack:blockstorage/volume:Volume` is a Volume. */
function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}
