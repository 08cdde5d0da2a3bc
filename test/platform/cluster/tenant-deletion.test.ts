/** A tenant may do, with its own rights alone, all that the Kubernetes provider asks for when its stack is made and destroyed. */
import { tenantIdentity } from "../../../trust/cluster-trust";
import type { Manifest } from "../../../deploy/manifest";
import { AuthorizedApi } from "../../../rehearsal/kubernetes/authorization";
import { LocalCluster } from "../../../rehearsal/kubernetes/local-cluster";
import { objectNameOf } from "../../../rehearsal/kubernetes/naming";
import type { ClusterApi } from "../../../rehearsal/kubernetes/api";
import type { Kind } from "../../../rehearsal/kubernetes/kinds";
import type { PropertyMap } from "../../../provider-protocol";
import { boundLab } from "../../lab/kubernetes/environments";

const asProperties = (manifest: Manifest): PropertyMap => JSON.parse(JSON.stringify(manifest)) as PropertyMap;

function kindOf(api: ClusterApi, { apiVersion, kind }: Manifest): Kind {
  const found = api.kind(apiVersion, kind);
  if (found === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
  return found;
}

async function makeAll(api: ClusterApi, manifests: readonly Manifest[]): Promise<void> {
  for (const manifest of manifests)
    await api.apply(kindOf(api, manifest), asProperties(manifest), { dryRun: false });
}

/** As a destroy does it: in the opposite order, each seen gone before the next. */
async function removeAll(api: ClusterApi, manifests: readonly Manifest[]): Promise<void> {
  for (const manifest of [...manifests].reverse()) {
    const name = objectNameOf(asProperties(manifest));
    await api.delete(kindOf(api, manifest), name);
    await api.gone(kindOf(api, manifest), name);
  }
}

test.each([
  { kind: "guarded", folder: ".", owner: "prod", tenant: "test" },
  { kind: "prepared", folder: "examples", owner: "datalabs", tenant: "datalabs-test" },
])("a $kind tenant makes its stack, and sees all of it gone", async ({ folder, owner, tenant }) => {
  const cluster = new LocalCluster(
    { entries: () => [], set: () => undefined, delete: () => undefined },
    () => 3,
  );
  await makeAll(cluster, boundLab(owner, folder).manifests);
  const before = cluster.size;
  const { user, group } = tenantIdentity(tenant);
  const limited = new AuthorizedApi(cluster, { user, groups: [group] });
  const own = boundLab(tenant, folder).manifests;
  expect(own.length).toBeGreaterThan(20);
  await makeAll(limited, own);
  expect(cluster.size).toBe(before + own.length);
  await removeAll(limited, own);
  expect(cluster.size).toBe(before);
});
