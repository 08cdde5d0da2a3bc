/** `jupyterhub_config.py` as data: who is let in, and what the program sets by itself. */
import { OWN_TRAITS } from "../../../apps/hub/own-traits";
import { hubSettings } from "../../../apps/hub/settings";
import type { HubPlan } from "../../../apps/hub/plan";
import { traitletsFile } from "../../../kit";
import { hubPlan, NATIVE, SIGN_INS, VARIANTS } from "./hubs";

/** Values by `Class.trait`. */
function traits(plan: HubPlan): Readonly<Record<string, unknown>> {
  return Object.fromEntries(hubSettings(plan).map(({ owner, trait, value }) => [`${owner}.${trait}`, value]));
}

test("the traits that the program sets are those that a configuration may not set", () => {
  const variants = Object.values(VARIANTS).map((variant) => ({ ...NATIVE, ...variant }));
  const scheduled = hubPlan(NATIVE, { "apps.hub.scheduling": { userScheduler: true } });
  const plans = [...[...Object.values(SIGN_INS), ...variants].map((each) => hubPlan(each)), scheduled];
  const set = plans.flatMap((each) => Object.keys(traits(each)));
  expect([...new Set(set)].sort()).toEqual([...OWN_TRAITS].sort());
});

test.each([
  ["native", { allow_all: true }],
  ["dummy", { allow_all: true }],
  ["lti11", { allow_all: false, allowed_users: ["ada", "grace"] }],
  ["lti13", { allow_all: true }],
  ["oidc", { allow_all: false, allowed_groups: ["physics"] }],
])("%s says whom it lets in, and drops who is no longer on a list", (kind, letIn) => {
  const set = traits(hubPlan(SIGN_INS[kind] ?? {}));
  const ofAuthenticator = Object.fromEntries(
    Object.entries(set)
      .filter(([name]) => /^Authenticator\.allow/.test(name))
      .map(([name, value]) => [name.replace("Authenticator.", ""), value]),
  );
  expect(ofAuthenticator).toEqual({ allow_existing_users: false, ...letIn });
});

test("native sign-in has the length, the lock and the wait that upstream leaves out", () => {
  const signIn = { kind: "native", minimumPasswordLength: 16, failedLogins: 3, lockSeconds: 900 };
  expect(traits(hubPlan({ ...NATIVE, signIn }))).toMatchObject({
    "NativeAuthenticator.open_signup": false,
    "NativeAuthenticator.minimum_password_length": 16,
    "NativeAuthenticator.check_common_password": true,
    "NativeAuthenticator.allowed_failed_logins": 3,
    "NativeAuthenticator.seconds_before_next_try": 900,
  });
});

test("a provider sends people back to the hub's own address", () => {
  const callback = "GenericOAuthenticator.oauth_callback_url";
  const oidc = SIGN_INS["oidc"] ?? {};
  expect(traits(hubPlan(oidc))[callback]).toBe("https://hubs.hubs.example.org/physics/hub/oauth_callback");
  expect(traits(hubPlan({ ...oidc, path: "/a/b/" }))[callback]).toBe(
    "https://hubs.hubs.example.org/a/b/hub/oauth_callback",
  );
  expect(traits(hubPlan({ ...oidc, published: false }))[callback]).toBe(
    "http://localhost:8000/physics/hub/oauth_callback",
  );
});

test("no secret is in the file, only the variables that hold them", () => {
  for (const each of Object.values(SIGN_INS))
    expect(traitletsFile(hubSettings(hubPlan(each)))).not.toContain("((labstead:");
  expect(traitletsFile(hubSettings(hubPlan(SIGN_INS["lti11"] ?? {})))).toContain(
    'c.LTI11Authenticator.consumers = {"course": os.environ["LTI_SHARED_SECRET"]}',
  );
});

test("any other trait can be set, once", () => {
  const traitlets = { "KubeSpawner.http_timeout": 120, "JupyterHub.logo_file": "/srv/logo.png" };
  expect(traits(hubPlan({ ...NATIVE, traitlets }))).toMatchObject(traitlets);
});

test("a profile overrides what it names, and the first one is offered first", () => {
  const list = traits(hubPlan({ ...NATIVE, ...VARIANTS["profiles"] }))["KubeSpawner.profile_list"];
  expect(list).toMatchObject([
    {
      slug: "small",
      default: true,
      display_name: "Small &lt;1 core&gt;",
      description: "For reading &amp; writing",
      kubespawner_override: { image: "quay.io/jupyter/base-notebook:2026-07-28", mem_limit: "1024M" },
    },
    {
      slug: "large",
      kubespawner_override: {
        image: "registry.example.org/rstudio:4.6.1",
        default_url: "/rstudio",
        cpu_guarantee: 2,
        mem_limit: "8192M",
        extra_resource_limits: { "nvidia.com/gpu": "1" },
        extra_resource_guarantees: { "nvidia.com/gpu": "1" },
      },
    },
  ]);
});

test("a profile of groups is offered by a function of the file, since each person has another list", () => {
  const file = traitletsFile(hubSettings(hubPlan({ ...NATIVE, ...VARIANTS["profiles of groups"] })));
  expect(file).toContain("\nc.KubeSpawner.profile_list = offered_profiles\n");
  expect(file).toMatch(
    /\n {4}listed = \[\[\[\], \{"slug": "small".*\[\["physics-staff"\], \{"slug": "large"/,
  );
});

test("each service of a hub has the scopes that it needs, and its token by a variable", () => {
  const metrics = { "apps.hub.metrics": { namespace: "monitoring" } };
  const file = traitletsFile(hubSettings(hubPlan({ ...NATIVE, cull: { kind: "never" } }, metrics)));
  expect(file).toContain(
    'c.JupyterHub.services = [{"name": "labstead", "api_token": os.environ["LABSTEAD_API_TOKEN"]}, {"name": "service-prometheus", "api_token": os.environ["METRICS_API_TOKEN"]}]',
  );
  expect(traits(hubPlan(NATIVE, metrics))["JupyterHub.load_roles"]).toMatchObject([
    { scopes: ["list:users", "read:users:activity", "read:servers", "delete:servers"] },
    { scopes: ["admin:users", "read:servers", "admin:server_state", "delete:servers", "tokens"] },
    { scopes: ["read:metrics"] },
  ]);
});

test("a hub culls servers and kernels, or neither", () => {
  const cull = { kind: "idle", timeoutSeconds: 1200, everySeconds: 60, maxAgeSeconds: 28800 };
  const culling = traits(hubPlan({ ...NATIVE, cull }));
  expect(culling["JupyterHub.services"]).toMatchObject([
    {
      command: expect.arrayContaining([
        "--url=http://localhost:8081/physics/hub/api",
        "--timeout=1200",
        "--cull-every=60",
        "--max-age=28800",
      ]) as unknown,
    },
    { name: "labstead" },
  ]);
  expect(culling["KubeSpawner.args"]).toContain("--MappingKernelManager.cull_idle_timeout=1200");
  const never = traits(hubPlan({ ...NATIVE, cull: { kind: "never" } }));
  expect(JSON.stringify(never["JupyterHub.services"])).not.toContain("culler");
  expect(never["KubeSpawner.args"]).toEqual([]);
});
