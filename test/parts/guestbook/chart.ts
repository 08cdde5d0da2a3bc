import { Chart, type App } from "cdk8s";
import { k8s, Secret } from "cdk8s-plus-27";
import { LabNamespace } from "../../../apps";
import type { Flow } from "../../../environment/parts/flows";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { secretValue } from "../../../environment/secrets";
import type { Tenancy } from "../../../environment/tenancy";
import {
  FlowPolicy,
  HELPER_RESOURCES,
  Naming,
  NOBODY,
  pinnedImage,
  ReplicatedService,
  WebRoute,
} from "../../../kit";
import type { GuestbookConfig } from "./configuration";
import { bookOf, IMAGES, PASSWORD } from "./part";

export interface GuestbookPlan {
  readonly environment: string;
  readonly config: GuestbookConfig;
  readonly flows: readonly Flow[];
  readonly tenancy: Tenancy;
  readonly cluster: EnvironmentPlan["cluster"];
}

export function guestbookCharts(scope: App, plan: GuestbookPlan): void {
  const { environment, config, flows, tenancy, cluster } = plan;
  const { namespace, host, shell } = config;
  const chart = new Chart(scope, "guestbook");
  const names = new Naming("guestbook", environment);
  new LabNamespace(chart, "Namespace", { ...names.identity(namespace, "namespace"), tenancy });
  new Secret(chart, "Password", {
    metadata: names.metadata("password", "secret", namespace),
    immutable: false,
    stringData: { password: secretValue(PASSWORD).toString() },
  });
  const { service } = new ReplicatedService(chart, "Book", {
    ...names.identity("book", "web"),
    namespace,
    replicas: 1,
    containers: [
      {
        name: "book",
        image: pinnedImage(IMAGES.book),
        ports: { http: 8080 },
        resources: HELPER_RESOURCES,
        user: NOBODY,
        probes: { kind: "none", reason: "a test's" },
      },
    ],
    service: { name: "book", port: 80, targetPort: 8080 },
  });
  new k8s.KubeService(chart, "Shell", {
    metadata: names.metadata("shell", "shell", namespace),
    spec: {
      type: "NodePort",
      selector: { "app.kubernetes.io/name": "book" },
      ports: [{ port: 22, nodePort: shell.port }],
    },
  });
  new WebRoute(chart, "Route", {
    ...names.identity("book", "ingress"),
    namespace,
    className: cluster.ingress.className,
    host,
    paths: [{ path: "/", service }],
    auth: { kind: "public", reason: "everybody may write into it" },
  });
  new FlowPolicy(chart, "Policy", {
    ...names.identity("book", "policy"),
    endpoint: bookOf(config),
    flows,
    cluster,
  });
}
