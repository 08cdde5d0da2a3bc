/** Who a person is to the cluster: the name in the certificate, which rights hang on. */
export function personPrincipal(name: string): string {
  return `labstead:person:${name}`;
}

/** Anyone's group of this name has no rights by itself; it tells in an audit log whose certificate it was. */
export const PEOPLE_GROUP = "labstead:people";
