/** Which load balancers, floating IPs and volumes are a cluster's own, and how they go. */
import { madeByCluster, removeMade } from "../../openstack-api/cluster-made";
import { Session } from "../../openstack-api/session";
import { reply, Services } from "./services";

let services: Services;
let session: Session;
beforeEach(async () => {
  services = new Services();
  services.types = ["network", "load-balancer", "volumev3", "compute"];
  session = new Session(await services.start());
});
afterEach(() => services.stop());

const owned = (cluster: string) => ({ "cinder.csi.openstack.org/cluster": cluster });

/** Of the cluster lab, of one whose name begins like it, and of people. */
const LISTS: Readonly<Record<string, object>> = {
  "/v2/lbaas/loadbalancers": {
    loadbalancers: [
      { id: "b1", name: "kube_service_lab_default_web" },
      { id: "b2", name: "kube_service_lab-two_default_web" },
      { id: "b3", name: "edge" },
    ],
  },
  "/v2.0/floatingips": {
    floatingips: [
      ["f1", "Floating IP for Kubernetes external service default/web from cluster lab"],
      ["f2", "Floating IP for Kubernetes external service a/b from cluster x-lab"],
      ["f3", "from cluster lab"],
    ].map(([id, description]) => ({ id, description, floating_ip_address: "203.0.113.7" })),
  },
  "/volumes/detail": {
    volumes: [
      { id: "v1", name: "pvc-1", metadata: owned("lab") },
      { id: "v2", name: "pvc-2", metadata: owned("lab-two") },
      { id: "v3", name: "data", metadata: {} },
    ],
  },
};

test("are known by the name of the cluster, whole", async () => {
  services.answer = ({ url = "" }, response) => reply(response, 200, LISTS[url.split("?")[0] ?? ""] ?? {});
  expect(await madeByCluster(session, "lab")).toEqual([
    { kind: "floatingIp", id: "f1", name: "203.0.113.7" },
    { kind: "loadBalancer", id: "b1", name: "kube_service_lab_default_web" },
    { kind: "volume", id: "v1", name: "pvc-1" },
  ]);
});

test("a cloud without Octavia is not asked for load balancers", async () => {
  services.types = ["network", "volumev3"];
  services.answer = (_request, response) => reply(response, 200, {});
  expect(await madeByCluster(session, "lab")).toEqual([]);
  expect(services.requests.join("\n")).not.toContain("loadbalancers");
});

test("a volume is detached before it goes, with its snapshots", async () => {
  const servers = new Set(["s1"]);
  let there = true;
  services.answer = ({ url, method }, response) => {
    if (method === "DELETE" && url === "/servers/s1/os-volume_attachments/v1") servers.clear();
    const deleting = method === "DELETE" && url === "/volumes/v1?cascade=true";
    const refused = deleting && servers.size > 0;
    if (deleting && !refused) there = false;
    const attachments = [...servers].map((id) => ({ server_id: id }));
    if (refused) reply(response, 400, { badRequest: { message: "in-use" } });
    else if (there) reply(response, 200, { volume: { id: "v1", attachments } });
    else reply(response, 404, { itemNotFound: { message: "gone" } });
  };
  await removeMade(session, { kind: "volume", id: "v1", name: "pvc-1" }, new AbortController().signal);
  expect(there).toBe(false);
  await removeMade(session, { kind: "volume", id: "v1", name: "pvc-1" }, new AbortController().signal);
});
