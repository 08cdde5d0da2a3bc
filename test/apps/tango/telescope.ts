/** A small control system for tests: a database, and a server with two instances. */
import { App, Chart } from "cdk8s";
import { Secret } from "cdk8s-plus-27";
import { TangoDatabase } from "../../../apps/tango/database";
import { TangoDeviceServer, type TangoDeviceServerProps } from "../../../apps/tango/device-server";
import { image, onPools, SERVICE_RESOURCES } from "../../../kit";
import type { Manifest } from "../../../deploy/manifest";

const PLACE = { environment: "ska", namespace: "control", subsystem: "sdp" } as const;

export type Changes = Partial<TangoDeviceServerProps>;

export function telescope(changes: Changes = {}): Chart {
  const chart = new Chart(new App(), "telescope");
  const secret = Secret.fromSecretName(chart, "Login", "tangodb");
  const storage = { size: "1Gi", storageClass: "block" } as const;
  const database = new TangoDatabase(chart, "Database", { ...PLACE, storage, secret });
  new TangoDeviceServer(chart, "TangoTest", {
    ...PLACE,
    name: "tangotest",
    server: "TangoTest",
    function: "tango-test",
    domain: "tango-base",
    database,
    image: image("example.org/tangotest", "9.5.0"),
    command: ["/usr/local/bin/TangoTest"],
    instances: {
      test: { classes: { TangoTest: { "sys/tg_test/1": { polling: ["State", "1000"] } } } },
      far_away: {
        classes: { TangoTest: { "sys/tg_test/2": {} } },
        after: [{ kind: "device", device: "sys/tg_test/1" }],
      },
    },
    after: [{ kind: "host", host: "archive.control.svc", port: 5432 }],
    resources: SERVICE_RESOURCES,
    devices: { "nvidia.com/gpu": 1 },
    scheduling: {
      nodeAffinity: { required: [onPools("gpu")] },
      podAffinity: [{ kind: "preferred", labels: { component: "databaseds" }, within: "zone" }],
    },
    ...changes,
  });
  return chart;
}

export function manifests(changes: Changes = {}): readonly Manifest[] {
  return telescope(changes).toJson() as readonly Manifest[];
}
