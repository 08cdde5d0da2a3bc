/** Effects of `software` and `logs`. */
import type { LogsConfig, SoftwareConfig } from "../config";
import type { Effects } from "../parts/effects";
import { guarded, inPlace, WHEN_ROLLED } from "./words";

const SOURCE = WHEN_ROLLED("where packages and images come from");

export const SOFTWARE_EFFECTS: Effects<SoftwareConfig> = {
  kind: SOURCE,
  kubernetesKey: { kind: SOURCE, fingerprint: SOURCE, armored: SOURCE },
  containerd: {
    kind: SOURCE,
    key: { kind: SOURCE, fingerprint: SOURCE, armored: SOURCE },
    version: WHEN_ROLLED("containerd's version"),
    url: SOURCE,
  },
  distribution: SOURCE,
  security: SOURCE,
  kubernetes: SOURCE,
  images: SOURCE,
};

const COLLECTOR = inPlace("rsyslog starts again with it on each server; what waits in the queue is kept");

export const LOGS_EFFECTS: Effects<LogsConfig> = {
  kind: guarded(
    "needs programs that servers install when they are made",
    "count up the `generation` of every pool that is named",
  ),
  host: COLLECTOR,
  port: COLLECTOR,
  authority: COLLECTOR,
  queue: COLLECTOR,
};
