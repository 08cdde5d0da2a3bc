/** How to use an environment that is up: addresses, SSH, URLs, the plan. */
import { OPERATOR } from "../../environment/accounts";
import type { OutputMap } from "@pulumi/pulumi/automation";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { textTable } from "../../review/table";

export function summary(plan: EnvironmentPlan, outputs: OutputMap, planFile: string): string {
  const floating = texts(outputs["floatingIps"]?.value);
  return [
    serversTable(plan, outputs, floating),
    reachTable(plan, floating),
    `the whole plan: ${planFile}\n`,
  ].join("\n");
}

function serversTable(
  plan: EnvironmentPlan,
  outputs: OutputMap,
  floating: ReadonlyMap<string, string>,
): string {
  const known = record(outputs["servers"]?.value);
  const rows = plan.servers.map(({ key, name, role }) => [
    name,
    role,
    text(record(known[key])["address"]),
    floating.get(`server/${key}`) ?? "",
  ]);
  return textTable(`${plan.environment} is up`, ["server", "role", "address", "floating IP"], rows);
}

function reachTable(plan: EnvironmentPlan, floating: ReadonlyMap<string, string>): string {
  const bastion = plan.servers.find((server) => server.role === "bastion");
  const jump = bastion === undefined ? undefined : floating.get(`server/${bastion.key}`);
  const inside = plan.servers.find(
    (server) => server.role !== "bastion" && server.address.kind === "planned",
  );
  const ssh =
    jump === undefined || inside?.address.kind !== "planned"
      ? []
      : [["SSH", `ssh -J ${OPERATOR}@${jump} ${OPERATOR}@${inside.address.ip}   # ${inside.name}`]];
  const vips = [...floating].filter(([key]) => key.startsWith("vip/")).map(([key, ip]) => [key, ip]);
  return textTable("How to reach it", ["what", "where"], [...vips, ...ssh, ...urls(plan, floating)]);
}

/** The user publishes the names, on the address that leads to the ingress controller. */
function urls(plan: EnvironmentPlan, floating: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const key = plan.ports.find(({ purpose }) => purpose === "ingress")?.loadBalancer;
  const balancer = plan.loadBalancers.find((each) => each.key === key);
  const address = floating.get(`vip/${balancer?.vip ?? ""}`);
  const hosts = plan.hosts;
  const names =
    address === undefined || hosts.length === 0 ? [] : [["DNS", `${hosts.join(", ")} → ${address}`]];
  return [...names, ...hosts.map((host) => ["URL", `https://${host}/`])];
}

function texts(value: unknown): ReadonlyMap<string, string> {
  return new Map(Object.entries(record(value)).map(([key, each]) => [key, text(each)]));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
