/** SKA: servers and volumes by application, boot volumes, two Octavia balancers. */
import { exampleSuite } from "./example-suite";
import { begun, checkApiDoor, checkInventory, SKA, report } from "./harness";

const { name } = SKA;
const INSIDE = { from: ["10.20.0.0/22"], reachable: false } as const;

exampleSuite(SKA, {
  afterUp: (running) => {
    test("the API's balancer lets the nodes in and nobody else: its operators come through a tunnel", async () => {
      const { lab, plan } = running();
      checkApiDoor(await lab.inventory(name), plan, INSIDE);
    });

    test("one that stands open to everyone is closed in place", async () => {
      const { lab, environment, plan } = running();
      await lab.openToAll(name, "ska-api");
      const open = await lab.inventory(name);
      expect(open.balancers["ska-api"]?.listeners["6443"]?.from).toEqual([]);
      await environment.refresh();
      expect(begun(await environment.preview())).toEqual(["update listener/api/api"]);
      report(name, "the API's door closed", await environment.up());
      const closed = await lab.inventory(name);
      checkApiDoor(closed, plan, INSIDE);
      checkInventory(closed, plan);
      expect(closed.marks).toEqual(open.marks);
    });
  },
});
