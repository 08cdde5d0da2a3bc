/** Hubs of the example environment, for tests. */
import { App } from "cdk8s";
import { HubChart } from "../../../apps/hub/chart";
import type { HubPlan } from "../../../apps/hub/plan";
import { changed, configOf, exampleOf, plannedOf, type Json } from "../../environment/configs";
import { renderChart, type Manifest } from "../manifests";

const EXAMPLE = exampleOf("jupyterhub");

/** The example with these hubs in place of its own. */
export function environmentWith(hubs: Json, changes: Json = {}): Json {
  return changed(EXAMPLE, { apps: { hub: { hubs } }, ...changes });
}

/** The plan of one hub, with what is written of it. */
export function hubPlan(written: Json, changes: Json = {}): HubPlan {
  const { parts } = plannedOf(configOf("hubs", environmentWith({ physics: written }, changes)));
  const [plan] = parts["hub"] as readonly HubPlan[];
  if (plan === undefined) throw new Error("no hub is planned");
  return plan;
}

export function hubManifests(plan: HubPlan): readonly Manifest[] {
  return renderChart(new HubChart(new App(), `hub-${plan.name}`, plan)).manifests;
}

/** The least that a hub needs. */
export const NATIVE: Json = { signIn: { kind: "native" }, admins: ["ada"] };

/** One hub of each way of signing in. */
export const SIGN_INS: Readonly<Record<string, Json>> = {
  native: NATIVE,
  dummy: { signIn: { kind: "dummy" }, published: false },
  lti11: {
    signIn: { kind: "lti11", consumerKey: "course", letIn: { kind: "listed", users: ["ada", "grace"] } },
  },
  lti13: {
    signIn: {
      kind: "lti13",
      issuer: "https://learn.example.org",
      clientId: "10000000000001",
      authorizeUrl: "https://learn.example.org/api/lti/authorize_redirect",
      jwksUrl: "https://learn.example.org/api/lti/security/jwks",
      letIn: { kind: "everyone" },
    },
  },
  oidc: {
    signIn: {
      kind: "oidc",
      clientId: "physics",
      authorizeUrl: "https://id.example.org/authorize",
      tokenUrl: "https://id.example.org/token",
      userdataUrl: "https://id.example.org/userinfo",
      adminGroups: ["physics-staff"],
      letIn: { kind: "groups", groups: ["physics"] },
    },
  },
};

/** Settings that every way of signing in can be combined with. */
export const VARIANTS: Readonly<Record<string, Json>> = {
  claim: {},
  shared: { homes: { kind: "shared", storageClass: "shared-files" } },
  drive: { homes: { kind: "drive", quota: "10Gi" } },
  "drive with owners": {
    homes: { kind: "drive", owner: "own-uid", size: "1Ti" },
    sharedDirectories: { data: { kind: "own", writers: { groups: ["curators"] } } },
  },
  "shared directory in a claim": {
    sharedDirectories: { data: { kind: "own", storageClass: "shared-files", writers: { admins: false } } },
  },
  "moved from a chart": { existingNamespace: true, database: { existingClaim: "hub-db-dir" } },
  "node purpose ignored": { nodePurpose: "ignore", cull: { kind: "never" } },
  "node purpose required": { nodePurpose: "require", server: { internet: false } },
  profiles: {
    profiles: {
      small: { title: "Small <1 core>", description: "For reading & writing" },
      large: {
        title: "Large",
        image: { name: "registry.example.org/rstudio", tag: "4.6.1" },
        cpu: { guarantee: "2", limit: "4" },
        memory: { guarantee: "4Gi", limit: "8Gi" },
        defaultUrl: "/rstudio",
        gpu: {},
      },
    },
  },
  "profiles of groups": {
    profiles: { small: { title: "Small" }, large: { title: "Large", groups: ["physics-staff"] } },
  },
};
