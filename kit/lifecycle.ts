/** Lifecycle hooks of a container: postStart and preStop. */
import { k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";

/** A command inside the container, or a request to it. */
export type Hook =
  | { readonly kind: "command"; readonly command: readonly string[] }
  | { readonly kind: "http"; readonly path: string; readonly port: number };

/** What runs in a container at its start and before its end. */
export interface Hooks {
  /**
   * Runs beside the container's own program, in no guaranteed order; a failure restarts the container.
   * @default none
   */
  readonly postStart?: Hook;
  /** Runs before the program gets the stop signal; its time counts towards the time to stop. @default none */
  readonly preStop?: Hook;
}

/** Lifecycle fields of a container. */
export function containerLifecycle({ postStart, preStop }: Hooks): k8s.Lifecycle {
  return {
    ...(postStart === undefined ? {} : { postStart: handler(postStart) }),
    ...(preStop === undefined ? {} : { preStop: handler(preStop) }),
  };
}

function handler(hook: Hook): k8s.LifecycleHandler {
  switch (hook.kind) {
    case "command":
      return { exec: { command: [...hook.command] } };
    case "http":
      return { httpGet: { path: hook.path, port: k8s.IntOrString.fromNumber(hook.port) } };
    default:
      return assertNever(hook);
  }
}
