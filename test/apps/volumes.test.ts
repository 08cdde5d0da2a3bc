import { plannedOf, configOf } from "../environment/configs";
import { environmentWith } from "./user-pods/pods";

/** Where nodes need an NFS client, by the paths of the configuration. */
function nfsMounts(volume: object): readonly string[] {
  return plannedOf(configOf("savu", environmentWith({ "volumes.data": volume }))).plan.nfsMounts;
}

test("nodes get an NFS client for the exports of file servers alone", () => {
  expect(nfsMounts({ kind: "nfs", server: "172.23.0.250", path: "/data" })).toEqual([
    "apps.userPods.volumes.data",
  ]);
  expect(nfsMounts({ kind: "claim", name: "data" })).toEqual([]);
});
