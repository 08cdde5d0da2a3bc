/** A small application, as a stranger would add one. */
import { datalab } from "../../../apps/datalab/part";
import { endpointOf } from "../../../apps/datalab/flows";
import { finding } from "../../../environment/findings";
import type { Claims } from "../../../environment/parts/claims";
import { ingressFlow, podFlow, type Endpoint } from "../../../environment/parts/flows";
import { claimedImages } from "../../../environment/parts/images";
import { application, type ApplicationContext } from "../../../environment/parts/part";
import type { PasswordPlan } from "../../../environment/plan/types-secrets";
import type * as Charts from "./chart";
import { guestbookSchema, type GuestbookConfig } from "./configuration";

export const IMAGES = {
  book: {
    repository: "example/guestbook",
    tag: "1.0.0",
    lifecycle: { what: "Guestbook 1", status: "ended", since: "2025-01", successor: "write less" },
  },
} as const;

export const PASSWORD: PasswordPlan = {
  kind: "password",
  name: "guestbook.password",
  length: 24,
  rotation: { kind: "rotate", does: "guests ask for the new one" },
};

export const guestbook = application({
  key: "guestbook",
  title: "the guestbook",
  schema: guestbookSchema,
  effects: {
    namespace: {
      kind: "stopped",
      would: "deletes every entry of the guestbook",
      instead: "bring another environment up",
    },
    host: { kind: "inPlace", does: "the book is found under the new name" },
    shell: { port: { kind: "inPlace", does: "open connections end" } },
    nodes: { kind: "inTurns", does: "pods are replaced" },
    gpu: { kind: "inTurns", does: "pods are replaced" },
    fails: { kind: "later", when: "somebody looks" },
  },
  images: IMAGES,
  claims,
  check: ({ config, at }) =>
    config.fails ? [finding("config.invalid", at("fails"), "is true", "write false")] : [],
  plan: ({ config }, plan) => ({
    environment: plan.environment,
    config,
    flows: plan.flows,
    tenancy: plan.tenancy,
    cluster: plan.cluster,
  }),
  charts: () => (require("./chart") as typeof Charts).guestbookCharts,
});

export function bookOf({ namespace }: Pick<GuestbookConfig, "namespace">): Endpoint {
  return { namespace, name: "book", port: 8080 };
}

function claims({ config, environment, at }: ApplicationContext<GuestbookConfig>): Claims {
  const lab = environment.apps[datalab.key] as { readonly namespace: string } | undefined;
  return {
    namespaces: [{ path: at("namespace"), name: config.namespace, level: "restricted" }],
    hosts: [{ path: at("host"), host: config.host, paths: ["/"] }],
    ports: [
      {
        path: at("shell.port"),
        name: "guestbook-shell",
        nodePort: config.shell.port,
        protocol: "tcp",
        exposure: {
          kind: "published",
          external: 2222,
          from: ["198.51.100.0/24"],
          probe: { kind: "tcp" },
        },
      },
    ],
    secrets: [{ path: at(), secret: PASSWORD }],
    devices: config.gpu ? [{ path: at("gpu"), resource: "example.com/pen" }] : [],
    nodes: config.nodes === undefined ? [] : [{ path: at("nodes"), labels: { purpose: config.nodes } }],
    policies: [{ path: at(), reliance: "guests rely on them" }],
    flows: [
      ingressFlow(bookOf(config)),
      ...(lab === undefined ? [] : [podFlow(bookOf(config), endpointOf("api", lab.namespace))]),
    ],
    images: claimedImages(IMAGES, at()),
  };
}
