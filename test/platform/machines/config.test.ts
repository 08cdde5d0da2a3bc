/** Parts of a server, joined. */
import { machineConfig } from "../../../platform/machines/config";

test("two parts may need the same package, which is installed once", () => {
  const parts = [{ packages: [{ name: "curl" }] }, { packages: [{ name: "curl" }, { name: "jq" }] }];
  expect(machineConfig("nfs/0", parts).packages).toEqual([{ name: "curl" }, { name: "jq" }]);
});

test("two versions of a package are a fault that is named", () => {
  const parts = [
    { packages: [{ name: "kubelet", version: "1.36.1-*" }] },
    { packages: [{ name: "kubelet" }] },
  ];
  expect(() => machineConfig("nfs/0", parts)).toThrow("nfs/0: two parts bring package kubelet");
});
