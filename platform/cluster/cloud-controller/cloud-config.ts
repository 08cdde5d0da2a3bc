/**
 * `cloud.conf` of OpenStack's cloud controller manager and of Cinder's CSI driver, as release 1.36 reads it. Both ignore
 * a section or key that they do not know, without an error, so only those of these types can be written.
 */
import { gcfgHeader, gcfgString } from "../../formats/gcfg";

/** `[Global]`: the login. */
interface GlobalKeys {
  readonly "auth-url": string;
  readonly region: string;
  readonly "application-credential-id": string;
  readonly "application-credential-secret": string;
  /** Path in the container. */
  readonly "ca-file"?: string;
}

/** `[Networking]`: which addresses of a server become those of its node. */
interface NetworkingKeys {
  readonly "internal-network-name": string;
  readonly "ipv6-support-disabled": boolean;
}

/** `[LoadBalancer]` without Octavia. */
interface NoLoadBalancerKeys {
  readonly enabled: false;
}

/** `[LoadBalancer]`. */
interface LoadBalancerKeys {
  readonly enabled: true;
  readonly "lb-provider": "amphora" | "ovn";
  readonly "lb-method": "ROUND_ROBIN" | "SOURCE_IP_PORT";
  readonly "subnet-id": string;
  readonly "network-id": string;
  readonly "floating-network-id"?: string;
  readonly "internal-lb": boolean;
  readonly "create-monitor": boolean;
  readonly "manage-security-groups": boolean;
  readonly "max-shared-lb": number;
}

/** `[LoadBalancerClass "<name>"]`. */
export interface LoadBalancerClassKeys {
  readonly "floating-network-id"?: string | undefined;
  readonly "floating-subnet-id"?: string | undefined;
  readonly "network-id"?: string | undefined;
  readonly "subnet-id"?: string | undefined;
  readonly "member-subnet-id"?: string | undefined;
}

/** `[BlockStorage]`, of the CSI driver. */
interface BlockStorageKeys {
  readonly "ignore-volume-az": boolean;
}

/** `[Metadata]`: where the server's own id and zone come from. */
interface MetadataKeys {
  readonly "search-order": "configDrive";
}

/** All sections; those that a component does not read are left out. */
export interface CloudConfig {
  readonly Global?: GlobalKeys;
  readonly Networking?: NetworkingKeys;
  readonly LoadBalancer?: LoadBalancerKeys | NoLoadBalancerKeys;
  readonly LoadBalancerClass?: Readonly<Record<string, LoadBalancerClassKeys>>;
  readonly BlockStorage?: BlockStorageKeys;
  readonly Metadata: MetadataKeys;
}

/** The metadata service stays shut for pods; every server has a config drive. */
export const FROM_CONFIG_DRIVE: MetadataKeys = { "search-order": "configDrive" };

/** The file. Values may contain named values whose content needs no escape: ids, and secrets that Keystone made. */
export function cloudConfigFile({ LoadBalancerClass: classes = {}, ...sections }: CloudConfig): string {
  const plain = Object.entries(sections).map(([name, keys]) => section(gcfgHeader(name), keys));
  const named = Object.entries(classes).map(([name, keys]) =>
    section(gcfgHeader("LoadBalancerClass", name), keys),
  );
  return `${[...plain, ...named].join("\n\n")}\n`;
}

function section(header: string, keys: object): string {
  const lines = Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} = ${gcfgString(String(value))}`);
  return [header, ...lines].join("\n");
}
