/** A volume by itself, for programs without an environment. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { cloudName, gibibytes, size, type Size } from "../../environment/schema/primitives";
import { describe } from "../describe";
import { registerBelow } from "../register";
import { checked, emptyPlan, NO_NETWORK } from "./plan";

/** A Cinder volume that no server has yet. */
export interface LabVolumeProps {
  /** It can only grow: `100Gi`, `2Ti`. */
  readonly size: Size;
  /** Cinder volume type. @default the cloud's own */
  readonly type?: string;
  /** @default the cloud's own */
  readonly availabilityZone?: string;
  /** Whether a deletion is refused until this is taken back. @default true */
  readonly protect?: boolean;
}

/**
 * A volume as an environment's servers have it: protected, and growing while it is attached. Volumes of one server
 * alone are better given to `LabServer`, which attaches them.
 * @throws FindingsError with everything that is wrong with the props
 * @example
 * import { LabVolume } from "labstead/infra";
 *
 * const archive = new LabVolume("archive", { size: "500Gi" });
 */
export class LabVolume extends pulumi.ComponentResource {
  /** Cinder's id. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, props: LabVolumeProps, options: pulumi.ComponentResourceOptions = {}) {
    const { size: given, type, availabilityZone, protect } = checked(SCHEMA, name, props);
    const volume = {
      key: name,
      name,
      server: name,
      sizeGiB: gibibytes(given),
      ...(type === undefined ? {} : { volumeType: type }),
      ...(availabilityZone === undefined ? {} : { availabilityZone }),
      use: { kind: "raw", device: "" } as const,
      protect,
      metadata: {},
    };
    const plan = { ...emptyPlan(name, [], NO_NETWORK), volumes: [volume] };
    super("labstead:infra:LabVolume", name, {}, options);
    const { volumes } = registerBelow(this, name, { plan, described: describe(plan), values: new Map() });
    const id = volumes.get(name);
    if (id === undefined) throw new Error("the volume of the plan is registered");
    this.id = id;
    this.registerOutputs({ id });
  }
}

const SCHEMA = z.strictObject({
  size,
  type: cloudName.optional(),
  availabilityZone: cloudName.optional(),
  protect: z.boolean().default(true),
});
