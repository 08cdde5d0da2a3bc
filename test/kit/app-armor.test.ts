/** AppArmor of workloads: set once for an app, absent from pods that profiles do not hold in. */
import { App, Chart } from "cdk8s";
import { Controller, Job, NodeAgent, useAppArmor, type AppArmor, type ContainerSpec } from "../../kit";
import { podOf, type Manifest } from "../apps/manifests";
import { CONTAINER, IDENTITY } from "./rendering";

const POD = { ...IDENTITY, namespace: "lab" };
const PRIVILEGED: ContainerSpec = {
  ...CONTAINER,
  security: { reason: "mounts for other pods", allow: ["privileged", "rootUser", "writableRootFilesystem"] },
  user: "image",
};

function securityOf(appArmor: AppArmor | undefined, build: (chart: Chart) => unknown): unknown {
  const app = new App();
  if (appArmor !== undefined) useAppArmor(app, appArmor);
  const chart = new Chart(app, "chart");
  build(chart);
  const [made] = chart.toJson() as Manifest[];
  if (made === undefined) throw new Error("nothing was made");
  return podOf(made).spec.securityContext;
}

const controller = (chart: Chart) =>
  new Controller(chart, "Web", { ...POD, replicas: 1, containers: [CONTAINER] });

test.each([undefined, "off"] as const)("with %s a pod asks for no profile", (appArmor) => {
  expect(securityOf(appArmor, controller)).toEqual({ seccompProfile: { type: "RuntimeDefault" } });
});

test("required pods ask for the runtime's profile, whatever made them", () => {
  const { probes: _probes, lifecycle: _lifecycle, ports: _ports, ...task } = CONTAINER;
  const builds = [
    controller,
    (chart: Chart) => new NodeAgent(chart, "Web", { ...POD, containers: [CONTAINER] }),
    (chart: Chart) => new Job(chart, "Web", { ...POD, containers: [task] }),
  ];
  for (const build of builds)
    expect(securityOf("required", build)).toMatchObject({ appArmorProfile: { type: "RuntimeDefault" } });
});

test("a pod with a privileged container asks for none, since profiles do not hold there", () => {
  const agent = (chart: Chart) =>
    new NodeAgent(chart, "Web", { ...POD, containers: [CONTAINER, { ...PRIVILEGED, name: "root" }] });
  expect(securityOf("required", agent)).not.toHaveProperty("appArmorProfile");
});
