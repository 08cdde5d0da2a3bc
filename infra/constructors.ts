/** Constructor of each resource type. A type that is missing here does not compile. */
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { LookupType, ResourceArgs, ResourceInstance, ResourceType } from "./types";
import { packUserData } from "./user-data";

export type Make<T extends ResourceType> = (
  name: string,
  args: ResourceArgs<T>,
  options: pulumi.CustomResourceOptions,
) => ResourceInstance<T>;

const { blockstorage, compute, identity, images, loadbalancer, networking, objectstorage } = openstack;

export const CONSTRUCTORS: { readonly [T in ResourceType]: Make<T> } = {
  "openstack:blockstorage/volume:Volume": (...a) => new blockstorage.Volume(...a),
  "openstack:compute/instance:Instance": (name, args, options) =>
    new compute.Instance(name, withPackedUserData(args), options),
  "openstack:compute/keypair:Keypair": (...a) => new compute.Keypair(...a),
  "openstack:compute/serverGroup:ServerGroup": (...a) => new compute.ServerGroup(...a),
  "openstack:compute/volumeAttach:VolumeAttach": (...a) => new compute.VolumeAttach(...a),
  "openstack:identity/applicationCredential:ApplicationCredential": (...a) =>
    new identity.ApplicationCredential(...a),
  "openstack:loadbalancer/listener:Listener": (...a) => new loadbalancer.Listener(...a),
  "openstack:loadbalancer/loadBalancer:LoadBalancer": (...a) => new loadbalancer.LoadBalancer(...a),
  "openstack:loadbalancer/member:Member": (...a) => new loadbalancer.Member(...a),
  "openstack:loadbalancer/monitor:Monitor": (...a) => new loadbalancer.Monitor(...a),
  "openstack:loadbalancer/pool:Pool": (...a) => new loadbalancer.Pool(...a),
  "openstack:networking/floatingIp:FloatingIp": (...a) => new networking.FloatingIp(...a),
  "openstack:networking/floatingIpAssociate:FloatingIpAssociate": (...a) =>
    new networking.FloatingIpAssociate(...a),
  "openstack:networking/network:Network": (...a) => new networking.Network(...a),
  "openstack:networking/port:Port": (...a) => new networking.Port(...a),
  "openstack:networking/router:Router": (...a) => new networking.Router(...a),
  "openstack:networking/routerInterface:RouterInterface": (...a) => new networking.RouterInterface(...a),
  "openstack:networking/secGroup:SecGroup": (...a) => new networking.SecGroup(...a),
  "openstack:networking/secGroupRule:SecGroupRule": (...a) => new networking.SecGroupRule(...a),
  "openstack:networking/subnet:Subnet": (...a) => new networking.Subnet(...a),
  "openstack:objectstorage/container:Container": (...a) => new objectstorage.Container(...a),
};

/** Compressed here, after named values are inserted, so that the description stays readable. */
function withPackedUserData({
  userData,
  ...args
}: openstack.compute.InstanceArgs): openstack.compute.InstanceArgs {
  return userData === undefined ? args : { ...args, userData: pulumi.output(userData).apply(packUserData) };
}

/** `lookup` checks the types of the arguments where they are written. */
type Call = (args: object, options: pulumi.InvokeOutputOptions) => pulumi.Output<unknown>;

export const LOOKUPS: Readonly<Record<LookupType, Call>> = {
  "openstack:identity/getAuthScope:getAuthScope": identityEndpoint,
  "openstack:images/getImage:getImage": images.getImageOutput,
  "openstack:networking/getNetwork:getNetwork": networking.getNetworkOutput,
  "openstack:networking/getSubnet:getSubnet": networking.getSubnetOutput,
};

/**
 * Keystone's public endpoint in the region of the provider; in the first one that has it where the provider names none.
 * @throws Error if the catalog has none
 */
function identityEndpoint(args: object, options: pulumi.InvokeOutputOptions): pulumi.Output<unknown> {
  return identity
    .getAuthScopeOutput(args as openstack.identity.GetAuthScopeOutputArgs, options)
    .apply((scope) => {
      const endpoints = scope.serviceCatalogs
        .filter(({ type }) => type === "identity")
        .flatMap((service) => service.endpoints);
      const found = endpoints.find(
        (each) => each.interface === "public" && [each.region, ""].includes(scope.region),
      );
      if (found !== undefined) return { url: found.url, region: found.region };
      throw new Error(
        "the catalog of this cloud has no public identity endpoint; write cluster.cloud.authUrl and cluster.cloud.region",
      );
    });
}
