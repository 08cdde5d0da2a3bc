/** Configuration files of the services. They contain no secrets: the web client serves most of them to browsers. */
import type { DatalabProps, StorageOffer } from "./props";

type Json = Readonly<Record<string, unknown>>;

export function storageConfig(offers: readonly StorageOffer[]): Json {
  const types = offers.map(({ key, label, description, storageClass }) => [
    key,
    { displayValue: label, description, storageClass },
  ]);
  return {
    types: Object.fromEntries(types) as Json,
    creationOptions: { allowedTypes: offers.map(({ key }) => key), defaultType: offers[0]?.key ?? "" },
  };
}

/** Limits of the clusters that users start beside their notebooks. */
export function clustersConfig(): Json {
  const cluster = (leastMemoryGB: number, condaRequired: boolean): Json => ({
    cluster: { workersMax: { lowerLimit: 1, default: 4, upperLimit: 8 } },
    scheduler: { memoryMax_GB: { default: 0.5 }, CpuMax_vCPU: { default: 0.5 } },
    workers: {
      memoryMax_GB: { lowerLimit: leastMemoryGB, default: 4, upperLimit: 8 },
      CpuMax_vCPU: { lowerLimit: 0.5, default: 0.5, upperLimit: 2 },
      nThreads: { default: 2 },
      deathTimeout_sec: { default: 60 },
      targetCpuUtilization_percent: { default: 50 },
      targetMemoryUtilization_percent: { default: 50 },
      scaleDownWindow_sec: { default: 300 },
    },
    condaRequired,
  });
  return { dask: cluster(0.5, false), spark: cluster(2, true) };
}

/** How the web client signs people in: by an OpenID Connect provider with Auth0's endpoints. */
export function oidcConfig({ auth, hosts }: Pick<DatalabProps, "auth" | "hosts">): Json {
  const home = `https://${hosts.lab}`;
  const provider = auth.issuer.replace(/\/$/, "");
  const logout = `returnTo=${home}/&client_id=${auth.clientId}`;
  return {
    oidc: {
      userManager: {
        client_id: auth.clientId,
        redirect_uri: `${home}/callback`,
        response_type: "code",
        scope: "openid profile",
        authority: provider,
        automaticSilentRenew: true,
        accessTokenExpiringNotificationTime: 600,
        filterProtocolClaims: true,
        loadUserInfo: true,
        extraQueryParams: { audience: auth.audience },
        metadata: {
          issuer: `${provider}/`,
          authorization_endpoint: `${provider}/authorize`,
          userinfo_endpoint: `${provider}/userinfo`,
          end_session_endpoint: `${provider}/v2/logout?${logout}`,
          jwks_uri: `${provider}/.well-known/jwks.json`,
          token_endpoint: `${provider}/oauth/token`,
        },
      },
    },
    signUp: { selfService: true },
  };
}

/** The web client warns; the job that stops notebooks reads the limit. */
export function featureFlagConfig({ unusedNotebooks }: Pick<DatalabProps, "unusedNotebooks">): Json {
  if (unusedNotebooks === undefined) return { requestProjects: true };
  const { warnDays, stopDays } = unusedNotebooks;
  return {
    requestProjects: true,
    expireUnusedNotebooks: {
      accessTimeWarning: warnDays,
      accessTimeLimit: stopDays,
      inUseTimeWarning: IN_USE_DAYS,
    },
  };
}

/** Days for which an opened notebook counts as used: the services' own. */
const IN_USE_DAYS = 8;

/** No shared repository of assets is mounted. */
export function catalogueConfig(): Json {
  return { catalogue: { available: false } };
}

/** No mail server is known, so none is set. */
export function notificationsConfig(): Json {
  return { dev: false };
}

interface Grant {
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Permissions by role; the authorisation service includes them in its tokens. */
export function permissionsConfig(): Json {
  const look = ["list", "open"];
  const manage = ["create", "delete", "list", "open", "edit"];
  const grant = (name: string, ...permissions: readonly string[]): Grant => ({ name, permissions });
  return {
    instanceAdmin: { permissions: ["instance:admin", "data:manager"] },
    dataManager: {
      permissions: ["data:manager", "catalogue:admin", "catalogue:publisher", "catalogue:editor"],
    },
    catalogueRole: [
      { role: "admin", permissions: ["admin"] },
      { role: "publisher", permissions: ["publish"] },
      { role: "editor", permissions: ["edit"] },
    ],
    projectRoles: {
      admin: [
        grant("stacks", ...manage, "scale"),
        grant("storage", ...manage),
        grant("clusters", ...manage, "scale"),
        grant("users", "list", "read"),
        grant("settings", "list", "read", "edit"),
        grant("permissions", "read", "create", "delete"),
        grant("projects", "edit", "read"),
      ],
      user: [
        grant("stacks", ...manage, "scale"),
        grant("storage", ...look),
        grant("clusters", ...look),
        grant("projects", "read"),
      ],
      viewer: [grant("stacks", ...look), grant("projects", "read")],
    },
  };
}
