/** Whatever replaces a resource, by the official plugin's own word, is watched by the guard, or stands here with the reason why not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe as describeInfra } from "../../infra/describe";
import { isRef } from "../../infra/resource";
import type { InfraResource } from "../../infra/types";
import { watchedFacts } from "../../stack/watched";
import { examplePlans } from "../infra/plans";

type Row = { readonly replaceOn: readonly string[] };

const ROWS = (
  JSON.parse(readFileSync(join(__dirname, "../../rehearsal/openstack/types.json"), "utf8")) as {
    readonly resources: Readonly<Record<string, Row>>;
  }
).resources;

/** Inputs that replace without being watched, and why nothing of it is a surprise. */
const UNWATCHED: Readonly<Record<string, string>> = {
  "compute/instance:Instance configDrive": "the same for every server",
  "compute/instance:Instance networks": "its port is another resource, which is watched",
  "compute/keypair:Keypair name":
    "the new one is there before a server refers to it, and none is recreated for it",
  "compute/keypair:Keypair publicKey": "as its name",
  "compute/serverGroup:ServerGroup name":
    "the new group is made beside the old; servers stay in theirs, and are reported",
  "compute/serverGroup:ServerGroup policies": "as its name",
  "identity/applicationCredential:ApplicationCredential description":
    "a new one is there before the old goes",
  "identity/applicationCredential:ApplicationCredential name": "as its description",
  "identity/applicationCredential:ApplicationCredential roles": "as its description",
  "identity/applicationCredential:ApplicationCredential unrestricted": "as its description",
  "loadbalancer/listener:Listener protocolPort": "the port is what was asked for",
  "loadbalancer/member:Member address": "another address is another server, which is watched",
  "loadbalancer/member:Member protocolPort": "follows the listener's",
  "loadbalancer/member:Member subnetId": "as its address",
  "loadbalancer/monitor:Monitor type": "a pool without a monitor takes every member as healthy",
  "loadbalancer/pool:Pool protocol": "follows the listener's, which is watched",
  "networking/secGroup:SecGroup deleteDefaultRules": "the same for every group",
  "networking/secGroupRule:SecGroupRule description":
    "its text is not compared by Neutron: closed and opened within a second, and open connections stay",
  "networking/secGroupRule:SecGroupRule direction": "what is open is what was asked for",
  "networking/secGroupRule:SecGroupRule ethertype": "what is open is what was asked for",
  "networking/secGroupRule:SecGroupRule portRangeMax": "what is open is what was asked for",
  "networking/secGroupRule:SecGroupRule portRangeMin": "what is open is what was asked for",
  "networking/secGroupRule:SecGroupRule protocol": "what is open is what was asked for",
  "networking/secGroupRule:SecGroupRule remoteIpPrefix": "what is open is what was asked for",
  "networking/subnet:Subnet ipVersion": "always 4",
};

function replacing({ type, inputs, options }: InfraResource): readonly string[] {
  const ignored = options.ignoreChanges ?? [];
  return (ROWS[type]?.replaceOn ?? []).filter((path) => {
    const [name = ""] = path.split(".");
    const value = valueAt(inputs, path);
    // What refers to another resource changes with that one, which is looked at itself.
    return !ignored.includes(name) && value !== undefined && !isRef(value);
  });
}

/** `list.property` is of the first in the list. */
function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => {
    const first: unknown = Array.isArray(at) ? at[0] : at;
    return typeof first === "object" && first !== null ? Reflect.get(first, name) : undefined;
  }, value);
}

function withOther(value: unknown, [name = "", ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return [withOther(value[0], [name, ...rest]), ...(value.slice(1) as unknown[])];
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [name]: rest.length === 0 ? "another" : withOther(fields[name], rest) };
}

function factsOf(resource: InfraResource): string {
  return JSON.stringify(watchedFacts(resource, () => ""));
}

test("what replaces is watched, or known to be harmless", () => {
  const unwatched = new Set<string>();
  let watched = 0;
  for (const resource of [...examplePlans().values()].flatMap((plan) => describeInfra(plan)))
    for (const path of replacing(resource)) {
      const changed = { ...resource, inputs: withOther(resource.inputs, path.split(".")) } as InfraResource;
      if (factsOf(changed) === factsOf(resource))
        unwatched.add(`${resource.type} ${path}`.replace("openstack:", ""));
      else watched += 1;
    }
  expect([...unwatched].sort()).toEqual(Object.keys(UNWATCHED).sort());
  expect(watched).toBeGreaterThan(0);
});
