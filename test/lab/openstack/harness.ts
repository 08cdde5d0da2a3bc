/**
 * Scenarios on a real OpenStack. Jest starts the services once for its project `openstack` (`set-up.ts`); each scenario
 * takes a project of its own, so scenarios do not see each other and may run side by side:
 *
 * ```ts
 * const lab = OpenStackLab.running();
 * await lab.tenancies({ name: "rolling" });                    // a project, its user, its entry of clouds.yaml
 * const before = await lab.inventory("rolling");               // everything it has, by OpenStack's own client
 * const environment = await LabEnvironment.open(lab, "rolling", smallPlan());
 * const { steps } = await environment.up();                    // the real engine; what it did, in order
 * checkInventory(await lab.inventory("rolling"), smallPlan()); // everything is as the plan says, nothing twice
 * environment.plan(smallPlan({ generation: 2 }));              // the plan from now on
 * await environment.destroy({ withData: true });
 * expect(await lab.inventory("rolling")).toEqual(before);
 * await environment.close();
 * ```
 *
 * Of an operation {@link Done} has each step with its begin and end. `up` and `destroy` can be watched and stopped
 * (`onStep`, `signal`); `environment.engineOptions` and `commandLine()` run the pulumi executable itself on the same
 * stack, to kill it for example; `lab.stop("nova-api")` and `lab.start()` take a service away and bring it back.
 */
export { checkApiDoor, checkInventory, checkUntouched } from "./checks";
export { configured, LabEnvironment, planOf, userDataOf } from "./environment";
export type { Json } from "./environment";
export * from "./examples";
export type { Inventory } from "./inventory";
export { OpenStackLab } from "./openstack-lab";
export type { NetworkIds, Tenancy } from "./openstack-lab";
export { begun, report } from "./steps";
export type { Done, Step } from "./steps";
