/** Plans of a network, a server or a volume by itself: a plan of infrastructure in which everything else is empty. */
import { FindingsError } from "../findings";
import { schemaFindings } from "../parse";
import { dnsLabel } from "../schema/primitives";
import { z } from "zod";
import type { InfraPlan } from "../plan/infra-plan";

/** Tags of every resource that supports tags. */
export function tagsOf(name: string, tags: readonly string[]): readonly string[] {
  return [...new Set(["labstead", `component=${name}`, ...tags])];
}

/** Of what stands in no network of its own; on one whose owner the project is. */
export const NO_NETWORK: InfraPlan["network"] = {
  kind: "existing",
  name: "",
  subnetName: "",
  cidr: "",
  gatewayIp: "",
  mtu: 0,
  dnsNameservers: [],
  allocationPools: [],
  externalNetwork: "",
  fixedAddresses: true,
  ids: { network: "", subnet: "" },
};

/** No resources except the network. */
export function emptyPlan(name: string, tags: readonly string[], network: InfraPlan["network"]): InfraPlan {
  return {
    environment: name,
    network,
    tags: tagsOf(name, tags),
    keyPair: { kind: "existing", name: "" },
    servers: [],
    serverGroups: [],
    volumes: [],
    containers: [],
    applicationCredentials: [],
    cloudValues: [],
    securityGroups: [],
    vips: [],
    floatingIps: [],
    loadBalancers: [],
    rolling: [],
  };
}

/**
 * What an engineer wrote, with the defaults of the schema.
 * @param name of the component, which becomes part of names in OpenStack
 * @throws FindingsError with everything that is wrong
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  name: string,
  props: unknown,
): z.output<Schema> {
  const named = NAME.safeParse({ name }, { reportInput: true });
  const parsed = schema.safeParse(props, { reportInput: true });
  if (named.success && parsed.success) return parsed.data;
  const findings = [
    ...(named.success ? [] : schemaFindings(NAME, named.error)),
    ...(parsed.success ? [] : schemaFindings(schema, parsed.error)),
  ];
  throw new FindingsError(name, findings, name);
}

const NAME = z.strictObject({ name: dnsLabel });
