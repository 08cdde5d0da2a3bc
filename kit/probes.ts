/**
 * Readiness and liveness of a container. Their meaning differs: readiness may check what a service needs; liveness must
 * not, because restarting this container does not repair another.
 */
import { k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import type { Spelling } from "./spelling";

/** Times in seconds. */
interface Timing {
  /** Before the first probe. @default 5 */
  readonly delay?: number;
  /** Between probes. @default 10 */
  readonly period?: number;
  /** Time-out of a probe. @default 3 */
  readonly timeout?: number;
  /** Consecutive failures that count. @default 3 */
  readonly failures?: number;
}

/** The check. A command runs inside the container and starts a process each time. */
export type ProbeSpec = Timing &
  (
    | {
        readonly kind: "http";
        readonly path: string;
        readonly port: number;
        /** Host that the kubelet connects to, for servers that listen on one address only. @default the pod's address */
        readonly host?: string;
        /** `HTTPS`: by TLS, without a check of the certificate. @default HTTP */
        readonly scheme?: "HTTP" | "HTTPS";
      }
    | { readonly kind: "tcp"; readonly port: number }
    | { readonly kind: "command"; readonly command: readonly string[] }
  );

/** Both probes, or the reason why a container has none (set as an annotation of the pod). */
export type Probes =
  | {
      readonly kind: "both";
      readonly readiness: ProbeSpec;
      readonly liveness: ProbeSpec;
      /**
       * Runs first; the other probes start once it succeeds. For programs that start slowly but must be detected as
       * dead quickly later. Its failures times its period are the time to start. @default none
       */
      readonly startup?: ProbeSpec;
    }
  | { readonly kind: "none"; readonly reason: string };

type ContainerProbes = Pick<k8s.Container, "readinessProbe" | "livenessProbe" | "startupProbe">;

/** Probe fields of a container. */
export function containerProbes(probes: Probes, spelling: Spelling): ContainerProbes {
  if (probes.kind === "none") return {};
  const { readiness, liveness, startup } = probes;
  return {
    readinessProbe: toProbe(readiness, spelling),
    livenessProbe: toProbe(liveness, spelling),
    ...(startup === undefined ? {} : { startupProbe: toProbe(startup, spelling) }),
  };
}

function toProbe(spec: ProbeSpec, spelling: Spelling): k8s.Probe {
  const { delay = 5, period = 10, timeout = 3, failures = 3 } = spec;
  return {
    ...question(spec, spelling),
    initialDelaySeconds: delay,
    periodSeconds: period,
    timeoutSeconds: timeout,
    failureThreshold: failures,
    ...(spelling === "full" ? { successThreshold: 1 } : {}),
  };
}

function question(spec: ProbeSpec, spelling: Spelling): k8s.Probe {
  switch (spec.kind) {
    case "http": {
      const { path, host, scheme = spelling === "full" ? "HTTP" : undefined } = spec;
      const port = k8s.IntOrString.fromNumber(spec.port);
      const optional = {
        ...(scheme === undefined ? {} : { scheme }),
        ...(host === undefined ? {} : { host }),
      };
      return { httpGet: { path, port, ...optional } };
    }
    case "tcp":
      return { tcpSocket: { port: k8s.IntOrString.fromNumber(spec.port) } };
    case "command":
      return { exec: { command: [...spec.command] } };
    default:
      return assertNever(spec);
  }
}
