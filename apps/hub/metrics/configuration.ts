/** `apps.hub.metrics`: who reads the metrics of the hubs. */
import { z } from "zod";
import { dnsLabel } from "../../../environment/schema/primitives";

export const metricsSchema = z.strictObject({
  namespace: dnsLabel.describe("Of the pods that scrape, such as monitoring."),
  name: dnsLabel
    .default("prometheus")
    .describe("Their label app.kubernetes.io/name; no other pod of that namespace is admitted."),
});

export type MetricsConfig = z.output<typeof metricsSchema>;
