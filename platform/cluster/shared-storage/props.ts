/** Props of the shared-storage chart. */
import { addressText } from "../../../environment/address-text";
import { addressAt, parseCidr } from "../../../environment/addresses";
import type { EnvironmentPlan, SharedStoragePlan, Size, StoragePlan } from "../../../environment/plan/types";
import { NFS_PROVISIONER_ADDRESS, STORAGE_VIP } from "../../../environment/shared-storage";
import { aliasesOf, plannedClass } from "../../../environment/storage-classes";
import { assertNever } from "../../../errors/assert-never";
import type { SharedStorageChartProps, SharedStorageSource } from "./chart";

type Used = Exclude<SharedStoragePlan, { kind: "none" }>;

/** Undefined if the environment has no shared storage of its own. */
export function sharedStorageProps(
  plan: EnvironmentPlan,
  storage: StoragePlan,
): SharedStorageChartProps | undefined {
  const { sharedStorage: shared, environment } = plan;
  if (shared.kind === "none") return undefined;
  const { className, reclaimPolicy } = shared;
  return {
    ...{ environment, className, reclaimPolicy },
    isDefault: plannedClass(storage, className).isDefault,
    aliases: aliasesOf(storage, "shared").map((name) => plannedClass(storage, name)),
    source: sourceOf(shared, plan),
  };
}

function sourceOf(shared: Used, plan: EnvironmentPlan): SharedStorageSource {
  switch (shared.kind) {
    case "gluster":
      return serversOf(shared.mode, plan);
    case "nfs-provisioner":
      return provisionerOf(shared.size, plan);
    default:
      return assertNever(shared);
  }
}

function provisionerOf(size: Size, { cluster, network }: EnvironmentPlan): SharedStorageSource {
  const { blockClass, podCidr, serviceCidr } = cluster;
  return {
    kind: "provisioner",
    address: addressAt(parseCidr(serviceCidr), NFS_PROVISIONER_ADDRESS),
    size,
    blockClass,
    network: {
      nodeCidr: network.cidr,
      serviceCidr,
      ...(cluster.preservesPodAddresses ? {} : { encapsulatedFrom: podCidr }),
    },
  };
}

/** @throws Error if the plan lacks what the mode needs: a bug in the program, since the checks require it */
function serversOf(
  mode: Extract<Used, { kind: "gluster" }>["mode"],
  plan: EnvironmentPlan,
): SharedStorageSource {
  switch (mode) {
    case "nfs": {
      const vip = plan.vips.find(({ key }) => key === STORAGE_VIP);
      if (vip === undefined) throw new Error("the plan has no VIP for its storage servers");
      return { kind: "nfs", server: addressText(vip.address) };
    }
    case "heketi-intree": {
      const [first] = plan.servers
        .filter(({ role }) => role === "gluster")
        .toSorted((one, other) => one.slot - other.slot);
      if (first === undefined) throw new Error("the plan has no server for Heketi");
      return { kind: "heketi", server: addressText(first.address) };
    }
    default:
      return assertNever(mode);
  }
}
