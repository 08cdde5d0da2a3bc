/** Effects of `ingress`: the controller that all requests go through. */
import type { IngressConfig, TenantEnvironmentConfig } from "../config";
import { migrationStage, type IngressKind, type MigrationStage } from "../ingress-controller";
import type { Effects, FixedSetting } from "../parts/effects";
import { inPlace, stopped } from "./words";

const NODE_PORT = inPlace(
  "the ingress controller's Service and the load balancers take it, and requests between the two changes fail",
);

export const TENANT_INGRESS_EFFECTS: Effects<TenantEnvironmentConfig["ingress"]> = {
  http: NODE_PORT,
  https: NODE_PORT,
  from: inPlace("rules change at once; connections that are open stay until they end"),
};

const LIMIT = inPlace(
  "the ingress controller takes it for new requests; Traefik's pods are replaced in turns",
);
const CERTIFICATE = inPlace("the ingress controller serves the other certificate as soon as it is there");

const MOVED = inPlace(
  "the other controller serves the hosts; connections that are open end with the pods that are replaced",
);

export const INGRESS_EFFECTS: Effects<IngressConfig> = {
  kind: stopped({
    would: "replaces the ingress controller while requests go through it",
    instead:
      "walk the migration: kind: traefik with migration: {}, then moved: [a host], more hosts, all: true, and at last without migration (docs/ingress.md)",
    allowedAs: "interrupt",
  }),
  migration: { moved: MOVED, all: MOVED },
  exposure: {
    kind: stopped({
      would: "takes the pages from the address that their names lead to, and makes another one",
      instead:
        "let the names lead to both, or plan the interruption, and allow it; from octavia to metallb, or back, go by nodePort",
      allowedAs: "interrupt",
    }),
    floatingIp: inPlace(
      "the floating IP is made, and the cloud controller manager makes the load balancer known by it; one less is protected",
    ),
  },
  ...TENANT_INGRESS_EFFECTS,
  proxyProtocol: inPlace(
    "requests fail between the change of the load balancers and that of the ingress controller",
  ),
  bodySize: LIMIT,
  timeouts: { connectSeconds: LIMIT, readSeconds: LIMIT, sendSeconds: LIMIT },
  certificate: CERTIFICATE,
  issuer: { kind: CERTIFICATE, name: CERTIFICATE },
};

/** Stages of the migration from ingress-nginx to Traefik, each with its name in messages. */
type Stage =
  | IngressKind
  | "traefik beside ingress-nginx"
  | "traefik in front of ingress-nginx"
  | "traefik for all hosts";

/**
 * The stages from which each one may follow. Traefik runs before the first request goes to it, and ingress-nginx until
 * the last one has left it.
 */
const BEFORE: Readonly<Record<Stage, readonly Stage[]>> = {
  "ingress-nginx": ["traefik beside ingress-nginx"],
  "traefik beside ingress-nginx": ["ingress-nginx", "traefik in front of ingress-nginx"],
  "traefik in front of ingress-nginx": ["traefik beside ingress-nginx", "traefik for all hosts"],
  "traefik for all hosts": ["traefik beside ingress-nginx", "traefik in front of ingress-nginx"],
  traefik: ["traefik for all hosts"],
};

const STAGES: Readonly<Record<MigrationStage["kind"], Stage>> = {
  beside: "traefik beside ingress-nginx",
  moving: "traefik in front of ingress-nginx",
  moved: "traefik for all hosts",
};

/** The stage in place of the kind alone, so that the guard lets each step of the migration pass. */
export function withMigrationStage(setting: FixedSetting, ingress: IngressConfig): FixedSetting {
  if (setting.path !== "ingress.kind") return setting;
  const migration = migrationStage(ingress);
  const stage = migration === undefined ? ingress.kind : STAGES[migration.kind];
  return { ...setting, value: stage, free: BEFORE[stage] };
}
