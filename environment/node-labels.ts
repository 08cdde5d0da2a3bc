/** Labels of nodes, by who sets them. */

/**
 * A kubelet may set labels of its own prefixes and of foreign domains on its node; the others of kubernetes.io and
 * k8s.io are refused (`--node-labels`, admission plugin NodeRestriction), and a control plane sets them.
 */
export function mayLabelItself(key: string): boolean {
  const [domain = "", name] = key.split("/");
  if (name === undefined) return true;
  const within = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (within("kubelet.kubernetes.io") || within("node.kubernetes.io")) return true;
  return !within("kubernetes.io") && !within("k8s.io");
}
