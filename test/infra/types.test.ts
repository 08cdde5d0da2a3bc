import { lookup, ref, resource } from "../../infra/resource";
import type { Overrides } from "../../infra/override";

/** What must not compile; `tsc` reports an expectation that is not met. */
describe("the description's types", () => {
  it("refuse what the SDK does not know", () => {
    // @ts-expect-error a misspelt input
    resource("servers", "openstack:compute/instance:Instance", "a", { flavourName: "small" });
    // @ts-expect-error a misspelt nested input
    resource("servers", "openstack:compute/instance:Instance", "a", { networks: [{ portId: "x" }] });
    // @ts-expect-error a required input is missing
    resource("network", "openstack:networking/subnet:Subnet", "a", { name: "x" });
    // @ts-expect-error a required input is undefined
    resource("network", "openstack:networking/subnet:Subnet", "a", { networkId: undefined });
    // @ts-expect-error a wrong type
    resource("storage", "openstack:blockstorage/volume:Volume", "a", { size: "10" });
    // @ts-expect-error a misspelt type token
    resource("storage", "openstack:blockstorage/volume:Volum", "a", { size: 10 });
    // @ts-expect-error an output that a port does not have
    ref("openstack:networking/port:Port", "a", "address");
    // @ts-expect-error an argument that the function does not have
    lookup("openstack:networking/getNetwork:getNetwork", { title: "public" }, "id");
    // @ts-expect-error a result that the function does not have
    lookup("openstack:networking/getNetwork:getNetwork", { name: "public" }, "uuid");
    // @ts-expect-error an override with an input of another type
    const overrides: Overrides = { "openstack:blockstorage/volume:Volume": () => ({ size: "1" }) };
    expect(Object.keys(overrides)).toEqual(["openstack:blockstorage/volume:Volume"]);
  });

  it("accept references wherever a value may be", () => {
    const network = ref("openstack:networking/network:Network", "network", "id");
    const made = resource("network", "openstack:networking/subnet:Subnet", "subnet", {
      networkId: network,
      cidr: undefined,
      allocationPools: [{ start: network, end: "10.0.0.9" }],
    });
    expect(made.inputs).toEqual({
      networkId: network,
      allocationPools: [{ start: network, end: "10.0.0.9" }],
    });
  });
});
