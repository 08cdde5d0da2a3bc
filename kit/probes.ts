/**
 * Readiness and liveness of a container. They differ in meaning: readiness may look at what a service needs, liveness
 * must not, because a restart of this container does not repair another.
 */
import { Duration } from "cdk8s";
import { Probe, type ProbeOptions } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";

/** Times in seconds. */
interface Timing {
  /** Before the first question. @default 5 */
  readonly delay?: number;
  /** Between questions. @default 10 */
  readonly period?: number;
  /** Until an answer counts as none. @default 3 */
  readonly timeout?: number;
  /** Failures in a row that count. @default 3 */
  readonly failures?: number;
}

/** What is asked. A command runs inside the container and costs a process each time. */
export type ProbeSpec = Timing &
  (
    | { readonly kind: "http"; readonly path: string; readonly port: number }
    | { readonly kind: "tcp"; readonly port: number }
    | { readonly kind: "command"; readonly command: readonly string[] }
  );

/** Both probes, or the reason why a container has none (it shows as an annotation of the pod). */
export type Probes =
  | { readonly kind: "both"; readonly readiness: ProbeSpec; readonly liveness: ProbeSpec }
  | { readonly kind: "none"; readonly reason: string };

export function toProbe(spec: ProbeSpec): Probe {
  const options = probeOptions(spec);
  switch (spec.kind) {
    case "http":
      return Probe.fromHttpGet(spec.path, { ...options, port: spec.port });
    case "tcp":
      return Probe.fromTcpSocket({ ...options, port: spec.port });
    case "command":
      return Probe.fromCommand([...spec.command], options);
    default:
      return assertNever(spec);
  }
}

function probeOptions({ delay = 5, period = 10, timeout = 3, failures = 3 }: Timing): ProbeOptions {
  return {
    initialDelaySeconds: Duration.seconds(delay),
    periodSeconds: Duration.seconds(period),
    timeoutSeconds: Duration.seconds(timeout),
    failureThreshold: failures,
    successThreshold: 1,
  };
}
