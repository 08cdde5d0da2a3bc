/** JH, with its own network, Octavia for API and edge, a container, and an application credential besides. */
import { exampleSuite } from "./example-suite";
import { begun, checkApiDoor, checkInventory, JUPYTERHUB, planOf, report, type Json } from "./harness";

const { name } = JUPYTERHUB;
const [NODES, OPERATORS] = ["10.20.0.0/20", "198.51.100.0/24"];

/** Of the floating IP's URN, which docs/day-two.md shows. */
const API_ADDRESS =
  "labstead:infra:Addresses$openstack:networking/floatingIp:FloatingIp::floating-ip/vip/api";

/** Its operators come through a tunnel from now on. */
function tunnelled(config: Json, floatingIp?: true): Json {
  const cluster = config["cluster"] as Json;
  const api = { ...(cluster["api"] as Json), ...(floatingIp && { floatingIp }) };
  return {
    ...config,
    access: { ...(config["access"] as Json), operator: { kind: "tunnel" } },
    cluster: { ...cluster, api },
  };
}

exampleSuite(JUPYTERHUB, {
  afterUp: (running) => {
    test("the API's balancer lets in the nodes, the operators' network and nobody else", async () => {
      const { lab, plan } = running();
      checkApiDoor(await lab.inventory(name), plan, { from: [NODES, OPERATORS], reachable: true });
    });

    test("its door is closed in place; the address goes when it is asked for no more, and unprotected", async () => {
      const { lab, environment, config } = running();
      const closed = planOf(name, tunnelled(config, true));
      environment.plan(closed);
      const steps = begun(await environment.preview());
      expect([...steps].sort()).toEqual([`delete rule/api/tcp/6443/${OPERATORS}`, "update listener/api/api"]);
      report(name, "the API's door closed", await environment.up());
      const found = await lab.inventory(name);
      checkApiDoor(found, closed, { from: [NODES], reachable: true });
      checkInventory(found, closed);

      const inside = planOf(name, tunnelled(config));
      environment.plan(inside);
      await expect(environment.up()).rejects.toThrow(/floating-ip\/vip\/api" cannot be deleted/);
      await environment.unprotect(API_ADDRESS);
      await environment.up();
      const left = await lab.inventory(name);
      checkApiDoor(left, inside, { from: [NODES], reachable: false });
      checkInventory(left, inside);
    });

    test("a container with objects in it holds a destroy up, which then is finished", async () => {
      const { lab, environment, plan } = running();
      const [container] = plan.containers;
      await lab.client(name, "object", "create", container!.name, __filename, "--name", "backup");
      await expect(environment.destroy({ withData: true })).rejects.toThrow(
        `container ${container!.name} still holds objects; remove them first, or set forceDestroy`,
      );
      expect(Object.keys((await lab.inventory(name)).containers)).toEqual([container!.name]);
      // What is deleted stays as an older version, and holds the container as well.
      await lab.client(name, "object", "delete", container!.name, "backup");
      await expect(environment.destroy({ withData: true })).rejects.toThrow("still holds objects");
      await lab.empty(name, container!.name);
    });
  },
});
