/** Names and labels: one spelling, whoever asks for it. */
import { labelsOf, metadataOf, Naming } from "../../kit";

const LABELS = {
  "app.kubernetes.io/name": "csi-nfs-node",
  "app.kubernetes.io/part-of": "storage",
  "app.kubernetes.io/component": "node",
  "app.kubernetes.io/managed-by": "labstead",
  "labstead.dev/environment": "prod",
};

test("metadata has the labels of its identity, and a namespace only where one is said", () => {
  const names = new Naming("storage", "prod");
  const identity = names.identity("csi-nfs-node", "node");
  expect(labelsOf(identity)).toEqual(LABELS);
  expect(names.metadata("csi-nfs-node", "node", "csi-nfs")).toEqual({
    name: "csi-nfs-node",
    namespace: "csi-nfs",
    labels: LABELS,
  });
  expect(Object.keys(metadataOf(identity))).toEqual(["name", "labels"]);
});
