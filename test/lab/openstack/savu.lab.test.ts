/** SV, on a network that another project shares: Neutron chooses the addresses there. */
import { exampleSuite } from "./example-suite";
import { planOf, SAVU, WHOLE_SAVU, type Json } from "./harness";

/** LABSTEAD_LAB_EXAMPLES=whole: with all ports of its window, which takes Octavia many minutes. */
const EXAMPLE = process.env["LABSTEAD_LAB_EXAMPLES"] === "whole" ? WHOLE_SAVU : SAVU;

exampleSuite(EXAMPLE, {
  beforeUp: (running) => {
    test("planned addresses are refused on another project's network", async () => {
      const { lab, environment, config, plan, before } = running();
      const network = { ...(config["network"] as Json), shared: false };
      environment.plan(planOf(SAVU.name, { ...config, network }));
      await expect(environment.up()).rejects.toThrow(
        /port\/\S+: network answers 403 to POST \/ports: .*rule:create_port/,
      );
      await environment.destroy({ withData: true });
      expect(await lab.inventory(SAVU.name)).toEqual(before);
      environment.plan(plan);
    });
  },
});
