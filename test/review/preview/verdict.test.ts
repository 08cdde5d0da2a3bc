import { exitCodeOf, isLoud, verdictOf } from "../../../review/preview/verdict";
import { found, NO_FINDINGS, previewOf, stackOf, stepOf } from "./sample";

const ERROR = found("quota.exceeded", "quota.cores");

test.each([
  ["nothing", {}, 0],
  ["changes", { steps: [stepOf("create", "server/a")] }, 0],
  ["changes", { steps: [stepOf("update", "server/a")] }, 0],
  ["changes", { findings: { ...NO_FINDINGS, gone: [ERROR] } }, 0],
  ["changes", { quota: [{ name: "cores", before: 1, after: 2 }] }, 0],
  ["changes", { files: [{ files: ["a"], diff: "" }] }, 0],
  ["disturbs", { steps: [stepOf("delete", "server/a")] }, 2],
  ["disturbs", { steps: [stepOf("replace", "server/a")] }, 2],
  ["disturbs", { disruptions: [{ text: "restarts server/a", note: "" }] }, 2],
  ["disturbs", { state: "removed" as const }, 2],
  ["stops", { refusals: ["this would disturb what runs"] }, 2],
  ["fails", { failures: ["the engine ended"] }, 1],
  ["fails", { findings: { ...NO_FINDINGS, added: [ERROR] } }, 1],
  ["fails", { findings: { ...NO_FINDINGS, kept: [ERROR] } }, 1],
])("%s: %j", (verdict, given, code) => {
  expect(verdictOf(stackOf(given))).toBe(verdict);
  expect(exitCodeOf(previewOf({}, given))).toBe(code);
});

test("the worst stack decides, and errors between stacks count", () => {
  const [deleted, failed] = [{ steps: [stepOf("delete", "server/a")] }, { failures: ["no"] }];
  expect(exitCodeOf(previewOf(deleted, failed, {}))).toBe(1);
  expect(exitCodeOf({ ...previewOf({}), across: { ...NO_FINDINGS, added: [ERROR] } })).toBe(1);
  expect(exitCodeOf(previewOf())).toBe(0);
});

test.each([
  ["delete", "openstack:blockstorage/volume:Volume", true],
  ["replace", "kubernetes:storage.k8s.io/v1:StorageClass", true],
  ["replace", "tls:index/privateKey:PrivateKey", true],
  ["replace", "random:index/randomPassword:RandomPassword", true],
  ["delete", "tls:index/privateKey:PrivateKey", false],
  ["replace", "tls:index/locallySignedCert:LocallySignedCert", false],
  ["replace", "labstead:index:ServerReady", false],
  ["update", "openstack:compute/instance:Instance", false],
  ["create", "openstack:compute/instance:Instance", false],
] as const)("%s of %s is loud: %s", (kind, type, loud) => {
  expect(isLoud(stepOf(kind, "x", { type }))).toBe(loud);
});
