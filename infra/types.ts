/**
 * The types of the description: OpenStack resources as plain data, typed by the SDK's own argument types, so that a
 * misspelled input does not compile. Nothing here is loaded at run time; only registration needs the SDK.
 */
import type {
  blockstorage,
  compute,
  identity,
  loadbalancer,
  networking,
  objectstorage,
} from "@pulumi/openstack";
import type { getAuthScopeOutput } from "@pulumi/openstack/identity";
import type { getImageOutput } from "@pulumi/openstack/images";
import type { getNetworkOutput, getSubnetOutput } from "@pulumi/openstack/networking";
import type { Input, OutputInstance, UnwrappedObject } from "@pulumi/pulumi";

/** Every resource type that a description may use, with the SDK's arguments and resource class. */
export interface ResourceTypes {
  "openstack:blockstorage/volume:Volume": Of<blockstorage.VolumeArgs, blockstorage.Volume>;
  "openstack:compute/instance:Instance": Of<compute.InstanceArgs, compute.Instance>;
  "openstack:compute/keypair:Keypair": Of<compute.KeypairArgs, compute.Keypair>;
  "openstack:compute/serverGroup:ServerGroup": Of<compute.ServerGroupArgs, compute.ServerGroup>;
  "openstack:compute/volumeAttach:VolumeAttach": Of<compute.VolumeAttachArgs, compute.VolumeAttach>;
  "openstack:identity/applicationCredential:ApplicationCredential": Of<
    identity.ApplicationCredentialArgs,
    identity.ApplicationCredential
  >;
  "openstack:loadbalancer/listener:Listener": Of<ListenerArgs, loadbalancer.Listener>;
  "openstack:loadbalancer/loadBalancer:LoadBalancer": Of<
    loadbalancer.LoadBalancerArgs,
    loadbalancer.LoadBalancer
  >;
  "openstack:loadbalancer/member:Member": Of<loadbalancer.MemberArgs, loadbalancer.Member>;
  "openstack:loadbalancer/monitor:Monitor": Of<loadbalancer.MonitorArgs, loadbalancer.Monitor>;
  "openstack:loadbalancer/pool:Pool": Of<loadbalancer.PoolArgs, loadbalancer.Pool>;
  "openstack:networking/floatingIp:FloatingIp": Of<networking.FloatingIpArgs, networking.FloatingIp>;
  "openstack:networking/floatingIpAssociate:FloatingIpAssociate": Of<
    networking.FloatingIpAssociateArgs,
    networking.FloatingIpAssociate
  >;
  "openstack:networking/network:Network": Of<networking.NetworkArgs, networking.Network>;
  "openstack:networking/port:Port": Of<networking.PortArgs, networking.Port>;
  "openstack:networking/router:Router": Of<networking.RouterArgs, networking.Router>;
  "openstack:networking/routerInterface:RouterInterface": Of<
    networking.RouterInterfaceArgs,
    networking.RouterInterface
  >;
  "openstack:networking/secGroup:SecGroup": Of<networking.SecGroupArgs, networking.SecGroup>;
  "openstack:networking/secGroupRule:SecGroupRule": Of<networking.SecGroupRuleArgs, networking.SecGroupRule>;
  "openstack:networking/subnet:Subnet": Of<networking.SubnetArgs, networking.Subnet>;
  "openstack:objectstorage/container:Container": Of<objectstorage.ContainerArgs, objectstorage.Container>;
}

interface Of<Args, Resource> {
  args: Args;
  resource: Resource;
}

/** Octavia opens a listener with no list or an empty list to everyone: here each listener has its own list. */
type ListenerArgs = Omit<loadbalancer.ListenerArgs, "allowedCidrs"> & {
  allowedCidrs: [Input<string>, ...Input<string>[]];
};

/** A resource's type token. */
export type ResourceType = keyof ResourceTypes;
/** Arguments of the SDK's constructor, by the type of the resource. */
export type ResourceArgs<T extends ResourceType> = ResourceTypes[T]["args"];
/** The SDK's class, by the type of the resource. */
export type ResourceInstance<T extends ResourceType> = ResourceTypes[T]["resource"];

/** Outputs of a resource to which another one may refer. */
export type OutputName<T extends ResourceType> = {
  [K in keyof ResourceInstance<T> & string]: ResourceInstance<T>[K] extends OutputInstance<unknown>
    ? K
    : never;
}[keyof ResourceInstance<T> & string];

/** Functions that look up existing objects; used only if the configuration gives no id. */
export interface LookupTypes {
  "openstack:identity/getAuthScope:getAuthScope": IdentityEndpoint;
  "openstack:images/getImage:getImage": typeof getImageOutput;
  "openstack:networking/getNetwork:getNetwork": typeof getNetworkOutput;
  "openstack:networking/getSubnet:getSubnet": typeof getSubnetOutput;
}

/** Where Keystone is, from the catalog of the program's own login. */
type IdentityEndpoint = (
  args: NonNullable<Parameters<typeof getAuthScopeOutput>[0]>,
) => OutputInstance<{ readonly url: string; readonly region: string }>;

export type LookupType = keyof LookupTypes;
export type LookupArgs<L extends LookupType> = NonNullable<Parameters<LookupTypes[L]>[0]>;
export type LookupResult<L extends LookupType> =
  ReturnType<LookupTypes[L]> extends OutputInstance<infer R> ? UnwrappedObject<R> : never;

/** An output of another resource of the description. */
export interface Ref {
  readonly ref: string;
  readonly output: string;
  /** Index in an output that is a list, such as the first of a port's addresses. */
  readonly at?: number;
}

/** A result of a lookup. */
export interface Lookup {
  readonly lookup: LookupType;
  /** `lookup` checks its type where it is written. */
  readonly args: object;
  readonly output: string;
}

/** A value that is known only once something else exists. */
export type Deferred = Ref | Lookup;

/** Arguments of the SDK as data: `Input<string>` becomes a string or a reference, lists and objects likewise. */
export type Described<T> = 0 extends 1 & T
  ? string | number | boolean | Deferred
  : T extends Promise<unknown> | OutputInstance<unknown>
    ? never
    : T extends string | number | boolean
      ? T | Deferred
      : T extends readonly [unknown, ...unknown[]]
        ? { readonly [K in keyof T]: Described<T[K]> }
        : T extends readonly (infer Entry)[]
          ? readonly Described<Entry>[]
          : T extends object
            ? { readonly [K in keyof T]: Described<T[K]> }
            : T;

/** A table rather than a conditional type, so that one resource is also a resource of any type. */
type InputsTable = { readonly [T in ResourceType]: Described<ResourceArgs<T>> };
/** Inputs of a resource as data, by its type. */
export type Inputs<T extends ResourceType> = InputsTable[T];

/** Inputs as they are written: an optional one may be undefined and is then omitted. */
export type WrittenInputs<T extends ResourceType> = {
  readonly [K in keyof Inputs<T>]: Partial<Pick<Inputs<T>, K>> extends Pick<Inputs<T>, K>
    ? Inputs<T>[K] | undefined
    : Inputs<T>[K];
};

/** The component of a resource in the stack's tree. */
export type Component =
  "network" | "security" | "identity" | "servers" | "storage" | "addresses" | "loadBalancers";

/** How a resource is registered. */
export interface InfraOptions {
  /** Refuses deletion and replacement. */
  readonly protect?: boolean;
  /** Deletes the old one first: two cannot exist with the same address, name or rule. */
  readonly deleteBeforeReplace?: boolean;
  /** Inputs whose later changes do not affect the existing resource. A replacement uses the new values. */
  readonly ignoreChanges?: readonly string[];
  /** Inputs whose change replaces the resource, although OpenStack could change them in place. */
  readonly replaceOnChanges?: readonly string[];
  /** Keys of resources that must be created before and deleted after, although no input refers to them. */
  readonly dependsOn?: readonly string[];
  /**
   * Key of a server that this directs traffic to: it is deleted before the gate of that server, so that no traffic goes
   * to a server that is being deleted.
   */
  readonly leadsTo?: string;
}

/** One OpenStack resource as data. */
export interface InfraResource<T extends ResourceType = ResourceType> {
  /** Built from domain keys, `server/workers.general/2`; also its name in Pulumi. Never an index. */
  readonly key: string;
  readonly type: T;
  readonly component: Component;
  readonly inputs: Inputs<T>;
  readonly options: InfraOptions;
}
