/** Groups of an identity provider, and metrics, with JupyterHub 5.5 and 6.1 of PyPI. */
import { hubPlan, SIGN_INS } from "../../apps/hub/hubs";
import { NO_CLUSTER } from "./no-cluster";
import { HUB_VERSIONS } from "./python";
import { observe } from "./scenario";

test.each(HUB_VERSIONS)(
  "JupyterHub %s: groups of the provider decide who comes in, who is an admin and what each may choose, and who leaves one loses it",
  (version) => {
    const plan = hubPlan({
      ...SIGN_INS["oidc"],
      signIn: {
        ...(SIGN_INS["oidc"]?.["signIn"] as object),
        letIn: { kind: "groups", groups: ["physics", "physics-visitors"] },
      },
      profiles: {
        small: { title: "Small", groups: ["physics"] },
        large: { title: "Large", groups: ["physics-staff"] },
      },
      // Five minutes by default.
      traitlets: { "Authenticator.auth_refresh_age": 1 },
    });
    const more = {
      host: plan.host,
      clientId: "physics",
      profiles: ["small", "large"],
      kubeconfig: NO_CLUSTER,
    };
    expect(observe(version, { name: "oidc", plan, configs: { "hub.py": plan }, more })).toEqual({
      "who comes in": ["ada", "grace", "edith"],
      admins: ["ada"],
      offered: { ada: ["small", "large"], grace: ["small"] },
      "another group's choice": true,
      "without any choice": true,
      "a stolen code": false,
      later: { in: true, offered: ["small"] },
    });
  },
);

test.each(HUB_VERSIONS)(
  "JupyterHub %s: while the provider does not answer, who is in stays, and who comes reads why",
  (version) => {
    const plan = hubPlan({ ...SIGN_INS["oidc"], traitlets: { "Authenticator.auth_refresh_age": 1 } });
    const more = { host: plan.host, clientId: "physics", kubeconfig: NO_CLUSTER };
    expect(observe(version, { name: "provider_down", plan, configs: { "hub.py": plan }, more })).toEqual({
      before: true,
      "who is in stays": true,
      "who comes in": [
        503,
        "id.example.org, which signs people in here, does not answer. Try again later.",
        false,
      ],
      "and later": true,
    });
  },
);

test.each(HUB_VERSIONS)(
  "JupyterHub %s: metrics are read by their own token, which reads nothing else",
  (version) => {
    const plan = hubPlan(SIGN_INS["dummy"] ?? {}, { "apps.hub.metrics": { namespace: "monitoring" } });
    expect(observe(version, { name: "metrics", plan, configs: { "hub.py": plan } })).toEqual({
      "by the token": [200, true],
      "without one": 403,
      "by another service's": 403,
      "people by the token": 403,
      "of the proxy": [200, true],
    });
  },
);
