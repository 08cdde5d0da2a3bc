/** An environment on booted nodes for the tests of one network plugin: `up` until the nodes are Ready, and destroy. */
import { setUp } from "../host/undo";
import type { MoreImages } from "../cluster/images";
import { environment } from "./environment";
import { networkTests, type NetworkUnderTest } from "./network-tests";
import { Administrator } from "./nodes";
import { PlatformLab } from "./platform-lab";

const NODES = 3;

/** @param images those of the plugin, under the names that its chart asks for */
export function networkLab(
  network: NetworkUnderTest,
  images: (log: (line: string) => void) => Promise<MoreImages>,
): void {
  let lab: PlatformLab;
  let administrator: Administrator;

  setUp(async (undo) => {
    const log = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const more = { images: await images(log), namespaces: Object.keys(network.agents) };
    lab = undo.use(await PlatformLab.open(environment({ "cluster.cni": { ...network.cni } }), more));
  });

  test("up ends when the network runs, and all nodes are Ready", async () => {
    await lab.run("up");
    administrator = new Administrator(lab, String((await lab.outputs())["kubeconfig"]));
    await administrator.ready(NODES, 180);
    await lab.hypervisor.booted();
  });

  networkTests(() => ({ lab, administrator }), network);

  test("another up finds nothing to do, and destroy leaves no server", async () => {
    expect((await lab.run("up")).steps).toEqual([]);
    await lab.run("destroy");
    expect([...lab.hypervisor.running()]).toEqual([]);
  });
}
