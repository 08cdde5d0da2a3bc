/** What is shown of each example. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { setUp } from "../host/undo";
import {
  begun,
  checkInventory,
  LabEnvironment,
  OpenStackLab,
  planOf,
  report,
  type Example,
  type Inventory,
  type Json,
} from "./harness";

/** The parts of a running suite, for tests between `up` and `destroy`. */
export interface Running {
  readonly lab: OpenStackLab;
  readonly environment: LabEnvironment;
  readonly config: Json;
  readonly plan: EnvironmentPlan;
  /** What the project had before. */
  readonly before: Inventory;
}

/** Tests that an example's own file adds. */
export interface More {
  readonly beforeUp?: (running: () => Running) => void;
  readonly afterUp?: (running: () => Running) => void;
}

export function exampleSuite(example: Example, more: More = {}): void {
  const { name } = example;

  describe(`the infrastructure of ${name}`, () => {
    let running: Running;

    setUp(async (undo) => {
      const lab = OpenStackLab.running();
      const config = example.config(await lab.tenancies(...example.tenancies));
      const plan = planOf(name, config);
      const before = await lab.inventory(name);
      const environment = undo.use(await LabEnvironment.open(lab, name, plan));
      running = { lab, config, plan, before, environment };
    });

    more.beforeUp?.(() => running);

    test("comes up as planned", async () => {
      const { lab, environment, plan } = running;
      report(name, "up", await environment.up());
      checkInventory(await lab.inventory(name), plan, await environment.addresses());
    });

    test("shows no change when nothing changed, nor any drift", async () => {
      const { environment } = running;
      const preview = await environment.preview();
      report(name, "preview without a change", preview);
      expect(begun(preview)).toEqual([]);
      const { changes } = await environment.refresh();
      expect(Object.keys(changes)).toEqual(["same"]);
      expect(begun(await environment.preview())).toEqual([]);
    });

    more.afterUp?.(() => running);

    test("is destroyed with its data and leaves nothing", async () => {
      const { lab, environment, before } = running;
      report(name, "destroy", await environment.destroy({ withData: true }));
      expect(await lab.inventory(name)).toEqual(before);
    });
  });
}
