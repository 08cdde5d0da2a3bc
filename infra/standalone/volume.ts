/** A volume by itself, for programs without an environment. */
import * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../environment/schema/quantities";
import { volumePlanOf } from "../../environment/standalone/volume";
import { describe } from "../describe";
import { registerBelow } from "../register";

/** A Cinder volume that no server has yet. */
export interface LabVolumeProps {
  /** It can only grow: `100Gi`, `2Ti`. */
  readonly size: Size;
  /** Cinder volume type. @default the cloud's own */
  readonly type?: string;
  /** @default the cloud's own */
  readonly availabilityZone?: string;
  /** Whether a deletion is refused until this is set to false. @default true */
  readonly protect?: boolean;
}

/**
 * A volume with the properties of an environment's volumes: protected, and growing while it is attached. Add volumes of
 * only one server to `LabServer`, which attaches them.
 * @throws FindingsError with all problems of the props
 * @example
 * import { LabVolume } from "labstead/infra";
 *
 * const archive = new LabVolume("archive", { size: "500Gi" });
 */
export class LabVolume extends pulumi.ComponentResource {
  /** Cinder's id. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, props: LabVolumeProps, options: pulumi.ComponentResourceOptions = {}) {
    const plan = volumePlanOf(name, props);
    super("labstead:infra:LabVolume", name, {}, options);
    const { volumes } = registerBelow(this, name, { plan, described: describe(plan), values: new Map() });
    const id = volumes.get(name);
    if (id === undefined) throw new Error("the volume of the plan is registered");
    this.id = id;
    this.registerOutputs({ id });
  }
}
