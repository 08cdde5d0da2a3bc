/** The name of the stack in `urn:pulumi:stack::project::…` */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":").at(-1) ?? "";
}
