/**
 * What the infrastructure of an example costs on a real OpenStack, beside the sum of its slowest chain: the resources
 * that wait for each other, each as it was measured in the same run. Run as root on Debian 12:
 * `node --import tsx bench/openstack.bench.ts [datalabs jupyterhub …]`. LABSTEAD_OPENSTACK names a folder whose services
 * are used and kept.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { slowestChain, type Chain } from "../test/lab/openstack/chain";
import { LabEnvironment, planOf } from "../test/lab/openstack/environment";
import * as examples from "../test/lab/openstack/examples";
import { OpenStackLab } from "../test/lab/openstack/openstack-lab";
import type { Done } from "../test/lab/openstack/steps";

const NAMES = process.argv.slice(2);
const CHOSEN = Object.values(examples).filter(({ name }) =>
  NAMES.length > 0 ? NAMES.includes(name) : name === examples.DATALABS.name,
);

async function measure(lab: OpenStackLab, example: examples.Example): Promise<void> {
  const plan = planOf(example.name, example.config(await lab.tenancies(...example.tenancies)));
  const environment = await LabEnvironment.open(lab, example.name, plan);
  try {
    const up = await environment.up();
    const state = await environment.state();
    const preview = await environment.preview();
    const destroy = await environment.destroy({ withData: true });
    console.log(
      `\n${example.name}: ${String(plan.servers.length)} servers, ${String(up.steps.length)} resources\n`,
    );
    console.log("| Operation | takes | its slowest chain | |\n|---|---:|---:|---|");
    row("up", up, slowestChain(up, state));
    row("preview without a change", preview);
    row("destroy", destroy, slowestChain(destroy, state));
  } finally {
    await environment.close();
  }
}

function row(operation: string, { seconds }: Done, chain?: Chain): void {
  const [sum, links] =
    chain === undefined ? ["", ""] : [`${chain.seconds.toFixed(1)} s`, chain.links.join(", ")];
  console.log(`| ${operation} | ${seconds.toFixed(1)} s | ${sum} | ${links} |`);
}

async function main(): Promise<void> {
  const script = join(__dirname, "../test/lab/openstack/install.sh");
  const { status, stdout } = spawnSync("bash", [script], { encoding: "utf8" });
  if (status !== 0) {
    console.log(`left out: ${stdout.trim()}`);
    return;
  }
  const lab = await OpenStackLab.up();
  try {
    for (const example of CHOSEN) await measure(lab, example);
  } finally {
    await lab.close();
  }
}

void main();
