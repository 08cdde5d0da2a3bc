/** The rendered configuration of a hub, as JupyterHub 5.5 and 6.1 of PyPI run it, with the proxy's own command line. */
import type { HubPlan } from "../../../apps/hub/plan";
import { hubPlan, NATIVE, SIGN_INS } from "../../apps/hub/hubs";
import { HUB_VERSIONS, hubPython } from "./python";
import { observe } from "./scenario";

/** Any name comes in: these are about what follows. */
const working = hubPlan({ ...SIGN_INS["dummy"], cull: { kind: "never" } });
/** Sooner than a configuration may ask for. */
const culling: HubPlan = { ...working, cull: { kind: "idle", timeoutSeconds: 3, everySeconds: 1 } };

test.each(HUB_VERSIONS)(
  "JupyterHub %s: a server outlives a restart of the hub, is culled when it is idle, and starts again",
  (version) => {
    const configs = { "working.py": working, "culling.py": culling };
    expect(observe(version, { name: "work", plan: working, configs })).toEqual({
      "signed in": true,
      "without a hub": true,
      "after its restart": true,
      "still signed in": true,
      culled: true,
      "started again": true,
    });
  },
);

test("people sign up, come in when an admin has approved them, and are locked after wrong passwords", () => {
  const plan = hubPlan(NATIVE);
  const scenario = { name: "native", plan, configs: { "hub.py": plan }, more: { failedLogins: 5 } };
  expect(observe("5.5", scenario)).toEqual({
    "an admin": true,
    "a stranger": false,
    "a short password": false,
    "before approval": false,
    "after approval": true,
    "a locked name": false,
  });
  // Which is why the checks refuse it.
  expect(observe("6.1", scenario)).toMatchObject({ "an admin": false, "after approval": false });
});

test.each(HUB_VERSIONS)(
  "JupyterHub %s: a course's launch lets in who is listed, under the ingress's address, and nobody else",
  (version) => {
    const plan = hubPlan(SIGN_INS["lti11"] ?? {});
    const more = { host: plan.host, consumerKey: "course" };
    expect(observe(version, { name: "lti11", plan, configs: { "hub.py": plan }, more })).toEqual({
      listed: true,
      "not listed": false,
      "another secret": false,
      "no launch": false,
    });
  },
);

test("a new release upgrades the database once while a server runs, and leaves a copy for the way back", () => {
  const more = { oldPython: hubPython("5.5") };
  expect(observe("6.1", { name: "upgrade", plan: working, configs: { "hub.py": working }, more })).toEqual({
    "under the new one": true,
    copies: 1,
    "old one, new database": false,
    "old one, its copy": true,
  });
});
