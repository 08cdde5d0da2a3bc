/**
 * Files of gcfg (git-config syntax), which OpenStack's cloud controller manager and Cinder's CSI driver read as
 * `cloud.conf`.
 */
import { isControlled, unrepresentable } from "./word";

/** A value; always quoted, because `#` and `;` start a comment and blanks at the ends are dropped without quotes. */
export function gcfgString(text: string): string {
  if (isControlled(text)) throw unrepresentable("gcfg", text);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** The line of a section: `[LoadBalancerClass "dmz"]`. @param name letters and digits */
export function gcfgHeader(name: string, subsection?: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) throw unrepresentable("gcfg", name);
  return subsection === undefined ? `[${name}]` : `[${name} ${gcfgString(subsection)}]`;
}
