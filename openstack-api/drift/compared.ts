/**
 * Inputs that are compared with what a service reports, by type. Others cannot change in a service (a volume's source),
 * belong to the moment of creation (user data, image), or are not reported (`stopBeforeDestroy`).
 */
import { isList, isMap } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { covers } from "../resources/fields";
import * as t from "../resources/tokens";

const COMMON = ["name", "description"] as const;

const COMPARED: Readonly<Record<string, readonly string[]>> = {
  [t.INSTANCE]: ["name", "flavorName", "flavorId", "metadata", "tags"],
  [t.SERVER_GROUP]: ["name", "policies"],
  [t.KEYPAIR]: ["publicKey"],
  [t.VOLUME_ATTACH]: [],
  [t.VOLUME]: [...COMMON, "size", "volumeType", "availabilityZone", "metadata"],
  [t.NETWORK]: [...COMMON, "adminStateUp", "mtu", "portSecurityEnabled", "shared", "tags"],
  [t.SUBNET]: [...COMMON, "cidr", "gatewayIp", "enableDhcp", "dnsNameservers", "allocationPools", "tags"],
  [t.ROUTER]: [...COMMON, "adminStateUp", "externalNetworkId", "tags"],
  [t.ROUTER_INTERFACE]: ["routerId", "subnetId"],
  [t.PORT]: [
    ...COMMON,
    "adminStateUp",
    "portSecurityEnabled",
    "securityGroupIds",
    "allowedAddressPairs",
    "fixedIps",
    "tags",
  ],
  [t.SEC_GROUP]: [...COMMON, "tags"],
  // A rule has no fields that change: it is there, or another one is.
  [t.SEC_GROUP_RULE]: [],
  [t.FLOATING_IP]: ["description", "pool", "tags"],
  [t.FLOATING_IP_ASSOCIATE]: ["portId"],
  [t.LOAD_BALANCER]: [...COMMON, "adminStateUp", "tags"],
  [t.LISTENER]: [
    ...COMMON,
    "adminStateUp",
    "allowedCidrs",
    "connectionLimit",
    "defaultPoolId",
    "timeoutClientData",
    "timeoutMemberData",
    "timeoutMemberConnect",
  ],
  [t.POOL]: [...COMMON, "adminStateUp", "lbMethod"],
  [t.MEMBER]: ["name", "adminStateUp", "weight", "monitorPort"],
  [t.MONITOR]: ["name", "adminStateUp", "type", "delay", "timeout", "maxRetries", "urlPath"],
  [t.APPLICATION_CREDENTIAL]: ["name"],
  [t.CONTAINER]: [],
};

/** Inputs that mean "none" where they are not declared; a service has no value of its own for them. */
const NONE_IF_ABSENT: Readonly<Record<string, readonly string[]>> = {
  [t.PORT]: ["securityGroupIds", "allowedAddressPairs"],
  [t.SEC_GROUP]: ["tags"],
};

/** Types that are compared. */
export const COMPARED_TYPES: readonly string[] = Object.keys(COMPARED);

/** One input that a service reports otherwise, as texts for people. */
export interface FieldDifference {
  readonly field: string;
  readonly declared: string;
  readonly found: string;
}

/** What a service reports otherwise than it is declared. Secret inputs, encrypted in the state, are not compared. */
export function fieldDifferences(
  type: string,
  declared: PlainMap,
  found: PlainMap,
): readonly FieldDifference[] {
  return (COMPARED[type] ?? []).flatMap((field) => {
    const [wanted, is] = [trimmed(declared[field] ?? null), trimmed(found[field] ?? null)];
    if (isSecret(wanted)) return [];
    const isOpen = wanted === null && !(NONE_IF_ABSENT[type] ?? []).includes(field);
    if (isOpen || same(is, wanted)) return [];
    return [{ field, declared: textOf(wanted), found: textOf(is) }];
  });
}

function same(is: PlainValue, wanted: PlainValue): boolean {
  return wanted === null ? isNothing(is) : covers(is, wanted);
}

/** Nova keeps the end of line of a public key. */
function trimmed(value: PlainValue): PlainValue {
  return typeof value === "string" ? value.trim() : value;
}

/** Key of a secret in an exported state. Source: Pulumi's `resource.SigKey`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function isSecret(value: PlainValue): boolean {
  if (isList(value)) return value.some(isSecret);
  return isMap(value) && (SIGNATURE in value || Object.values(value).some(isSecret));
}

function isNothing(value: PlainValue): boolean {
  return value === null || value === "" || (isList(value) && value.length === 0);
}

function textOf(value: PlainValue): string {
  if (isNothing(value)) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
