/** The report as people and cron read it. */
import { cloudLine, objectLine } from "../../../review/drift/lines";
import { driftText, exitCodeOf, type DriftReport } from "../../../review/drift/report";

const REPORT: DriftReport = {
  stack: "prod",
  lines: [
    cloudLine(
      {
        change: "changed",
        type: "openstack:compute/instance:Instance",
        name: "server/workers.general/1",
        id: "6f0c",
        differences: [{ field: "status", declared: "ACTIVE", found: "SHUTOFF" }],
      },
      "prod",
    ),
    cloudLine(
      {
        change: "missing",
        type: "openstack:blockstorage/volume:Volume",
        name: "volume/gluster/0/brick",
        id: "77",
      },
      "prod",
    ),
    cloudLine(
      {
        change: "undeclared",
        kind: "rule",
        name: "ingress tcp 22 from 0.0.0.0/0 in prod-workers",
        id: "88",
      },
      "prod",
    ),
    objectLine({ change: "undeclared", key: "datalab/stray/ConfigMap" }, "prod"),
    objectLine({ change: "missing", key: "/view/ClusterRole.rbac.authorization.k8s.io" }, "prod"),
  ],
  compared: { OpenStack: 120, Kubernetes: 210 },
  unseen: [{ what: "OpenStack's loadBalancer service", why: "answers 503" }],
  known: [{ side: "OpenStack", whose: "the cluster", count: 3 }],
};

test("as a table, with what to do", () => {
  expect(driftText(REPORT)).toMatchInlineSnapshot(`
    "prod: 1 changed, 2 missing, 2 undeclared, and not everything was looked at
      compared: 120 of OpenStack, 210 of Kubernetes
      known as somebody else's: 3 of the cluster

    Not as declared
      change      kind                                   name                                                field   declared  found
      changed     instance                               server/workers.general/1                            status  ACTIVE    SHUTOFF
      missing     volume                                 volume/gluster/0/brick
      undeclared  security group rule                    ingress tcp 22 from 0.0.0.0/0 in prod-workers (88)
      undeclared  ConfigMap                              datalab/stray
      missing     ClusterRole.rbac.authorization.k8s.io  view

    What to do
      stopped server: openstack server start 6f0c; if it is lost: docs/lost-node.md
      missing: labstead up prod -- --refresh makes it again; its data is lost: restore it from your copies afterwards
      undeclared security group rule: write it into Pulumi.prod.yaml, or: openstack security group rule delete 88
      undeclared object: kubectl delete configmap/stray -n datalab, or if a person needs it: kubectl label configmap/stray -n datalab labstead.dev/owner=<person>
      missing: labstead up prod -- --refresh makes it again

    Not looked at
      what                              why
      OpenStack's loadBalancer service  answers 503"
  `);
});

test("nothing to report is short", () => {
  expect(driftText({ ...REPORT, lines: [], unseen: [] })).toBe(
    "prod: as declared\n  compared: 120 of OpenStack, 210 of Kubernetes\n  known as somebody else's: 3 of the cluster",
  );
});

test("exit codes: 0 as declared, 2 something differs, 3 something was not looked at", () => {
  expect(exitCodeOf({ ...REPORT, lines: [], unseen: [] })).toBe(0);
  expect(exitCodeOf(REPORT)).toBe(2);
  expect(exitCodeOf({ ...REPORT, lines: [] })).toBe(3);
});
