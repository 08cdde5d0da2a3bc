/** Parent of a lab's resources: the stack, or a component. */
import type * as pulumi from "@pulumi/pulumi";

/** Resources below a component have it as their parent, and its types in their URN. */
export interface Placed {
  /** @default the root of the stack */
  readonly parent?: pulumi.Resource | undefined;
}

/** The resource option for it. */
export function under({ parent }: Placed): { readonly parent?: pulumi.Resource } {
  return parent === undefined ? {} : { parent };
}

/** Resolves when the engine has registered the resource. */
export function urnOf(resource: pulumi.Resource): Promise<string> {
  return new Promise((resolve) => {
    resource.urn.apply(resolve);
  });
}

/** Types of the parent and of all above it, as in the URN of its children: `a:b:C$`. */
export async function typesAbove({ parent }: Placed): Promise<string> {
  if (parent === undefined) return "";
  const [, , types] = (await urnOf(parent)).split("::");
  if (types === undefined) throw new Error("a URN has the types of its resource");
  return `${types}$`;
}
