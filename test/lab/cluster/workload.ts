/** A Deployment of two pods that answer with their names. */
import { TOOLBOX } from "./images";

export const NAME = "answers";

export function twoReplicas(): string {
  const labels = { app: NAME };
  const command = [
    "sh",
    "-c",
    "mkdir -p /tmp/w && hostname > /tmp/w/index.html && exec httpd -f -p 8080 -h /tmp/w",
  ];
  const container = { name: "web", image: TOOLBOX, imagePullPolicy: "Never", command };
  const spread = [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: labels },
    },
  ];
  const spec = {
    containers: [container],
    topologySpreadConstraints: spread,
    terminationGracePeriodSeconds: 1,
  };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace: "default", labels },
    spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}
