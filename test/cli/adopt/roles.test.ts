/** Roles of servers, by a person's choice or by their names. */
import { poolOf, roleChoices } from "../../../cli/adopt/roles";

test.each([
  ["lab-bastion", "bastion"],
  ["jump", "bastion"],
  ["k8s-master-1", "controlPlane"],
  ["lab_control_plane_0", "controlPlane"],
  ["tf-load-balancer-2", "loadBalancer"],
  ["kube-node-12", "workers.general"],
  ["gw1", "gateway"],
  ["glusterfs-3", "gluster"],
  ["nfs", "nfs"],
  ["mystery", undefined],
  // A word is a whole one.
  ["nodejs-build", undefined],
  ["download", undefined],
])("%s is %s", (name, pool) => {
  expect(poolOf(name, [])).toBe(pool);
});

test("a person's choice comes first, and the first of several", () => {
  const choices = roleChoices(["gpu-*=workers.gpu", "*-node-*=workers.general", "node.1=bastion"]);
  expect(poolOf("gpu-node-1", choices)).toBe("workers.gpu");
  expect(poolOf("my-node-1", choices)).toBe("workers.general");
  expect(poolOf("node.1", choices)).toBe("bastion");
  expect(poolOf("nodeX1", choices)).toBeUndefined();
});

test.each(["node-1", "=bastion", "node-1=worker", "node-1=workers.", "node-1=workers.G"])(
  "%s is refused",
  (choice) => {
    expect(() => roleChoices([choice])).toThrow(
      `--role ${choice}: write <server>=<role>, such as node-*=workers.general; roles: bastion, gateway, loadBalancer, controlPlane, gluster, nfs, workers.<pool>`,
    );
  },
);
