/**
 * The escape hatch for raw Pulumi Outputs in charts: a CDK8s resolver that replaces them by markers, and the bindings
 * that resolve the markers. Prefer named values; this is for Outputs that another library already created.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { IResolver, ResolutionContext } from "cdk8s";
import { output, type NamedValue } from "../values";
import { ValueBindings } from "./bindings";

/** Reserved prefix of the names of raw Outputs. */
export const RAW_OUTPUT_PREFIX = "raw/";
/** Longer names are truncated and get a hash, to stay below the maximum of 200 characters. */
const LONGEST_PATH = 150;

/**
 * The Outputs found in the charts of one app.
 * @example
 * import { App } from "cdk8s";
 * import { planCharts, registerPlan } from "labstead/deploy";
 *
 * const outputs = new OutputMarkers();
 * const app = new App({ resolvers: [outputs] });
 * registerPlan(planCharts(app), { provider: kubernetes, bindings: bindings.and(outputs.bindings()) });
 */
export class OutputMarkers implements IResolver {
  private readonly names = new Map<pulumi.Output<unknown>, string>();
  private readonly byName = new Map<string, pulumi.Output<unknown>>();

  /** Called by CDK8s for every rendered value. */
  resolve(context: ResolutionContext): void {
    const value: unknown = context.value;
    if (pulumi.Output.isInstance(value)) {
      context.replaceValue(this.marker(value, `${context.obj.node.path}/${context.key.join("/")}`));
      return;
    }
    const wrapped = wrappedValue(value);
    if (pulumi.Output.isInstance(wrapped)) {
      const marker = this.marker(wrapped, `${context.obj.node.path}/${context.key.join("/")}`);
      context.replaceValue({ value: marker });
    }
  }

  /**
   * The marker of an Output for use inside a longer text, where the Output itself would be lost.
   * @param name identifies it in previews.
   */
  embed(name: string, value: pulumi.Output<unknown>): NamedValue {
    return output(this.name(value, name));
  }

  /** Values of the markers, available once the plan exists. */
  bindings(): ValueBindings {
    return ValueBindings.of({ outputs: Object.fromEntries(this.byName) });
  }

  private marker(value: pulumi.Output<unknown>, place: string): string {
    return output(this.name(value, place)).toString();
  }

  /** The same Output keeps its name; another one at the same path gets the next free name. */
  private name(value: pulumi.Output<unknown>, place: string): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const base = `${RAW_OUTPUT_PREFIX}${placeName(place)}`;
    let name = base;
    for (let copy = 2; this.byName.has(name); copy++) name = `${base}.${copy}`;
    this.names.set(value, name);
    this.byName.set(name, value);
    return name;
  }
}

function placeName(place: string): string {
  const clean = place.replaceAll(/[^A-Za-z0-9._/-]+/g, "_");
  if (clean === place && place.length <= LONGEST_PATH && /[A-Za-z0-9]$/.test(place)) return place;
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 8);
  return `${clean.slice(0, LONGEST_PATH)}.${hash}`;
}

/** Unions such as IntOrString store the given value in `value`. */
function wrappedValue(value: unknown): unknown {
  const isUnion = typeof value === "object" && value !== null && value.constructor !== Object;
  return isUnion && "value" in value ? value.value : undefined;
}
