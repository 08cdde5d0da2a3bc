/** Probes of the programs of a control system, which all listen on one port. */
import type { Probes, ProbeSpec } from "../../kit";

/** Both ask for the port. @param starts how often, every five seconds, it may be closed before the program counts as dead */
export function openPort(port: number, starts: number): Probes {
  const probe: ProbeSpec = { kind: "tcp", port };
  return {
    kind: "both",
    readiness: probe,
    liveness: probe,
    startup: { ...probe, period: 5, failures: starts },
  };
}
