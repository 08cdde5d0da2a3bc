/** Control planes that go and come back, over an etcd that is as strict as the real one. */
import { containsSecret } from "../../../provider-protocol";
import { Gates, members, nodeOf, refusal } from "./gates";

const dead = (gates: Gates, slot: number): void => {
  const member = gates.etcd.members.get(nodeOf(slot));
  if (member !== undefined) member.alive = false;
};

describe("control planes that leave", () => {
  it("three to one: one after the other, emptied, removed and seen gone", async () => {
    const gates = new Gates([0, 1, 2]);
    await gates.check(members([0]));
    await Promise.all([gates.delete(1), gates.delete(2)]);
    expect(gates.etcd.done).toEqual(["emptied cp-1", "removed cp-1", "emptied cp-2", "removed cp-2"]);
    expect(gates.logged).toEqual([
      "info: etcd has removed its member cp-1",
      "info: etcd has removed its member cp-2",
    ]);
    expect(new Set(gates.etcd.asked)).toEqual(new Set(["controlPlane/0"]));
  });

  it("out of the middle, the first too: those that stay are asked", async () => {
    const gates = new Gates([0, 1, 2]);
    await gates.check(members([1, 2]), members([0, 1, 2]));
    gates.etcd.unreachable.add("192.168.3.11");
    await gates.delete(0);
    expect([...gates.etcd.members.keys()]).toEqual(["cp-1", "cp-2"]);
    expect(new Set(gates.etcd.asked)).toEqual(new Set(["controlPlane/1", "controlPlane/2"]));
  });

  it("nothing is done where a majority would not answer, and the error says what to do", async () => {
    const gates = new Gates([0, 1, 2]);
    dead(gates, 2);
    await gates.check(members([0, 2]), members([0, 1, 2]));
    expect(await refusal(gates.delete(1))).toBe(
      `etcd of cluster "prod/lab" would stop without cp-1, so its server was not touched
  cp-0: answers
  cp-1: answers
  cp-2: does not answer
  without it 1 member would answer of 2, and 2 have to
  repair the members that do not answer (on their servers: journalctl -u kubelet, and crictl ps -a), then go on with: pulumi up -s prod
  if cp-2 never comes back, take it out of etcd first: kubectl -n kube-system exec etcd-cp-0 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key member remove 3ea
  if the cluster is given up for sure: LABSTEAD_SKIP_ETCD=cp-1 pulumi up -s prod`,
    );
    expect(gates.etcd.done).toEqual([]);
  });

  it("after one that could not, no other is touched in that run", async () => {
    const gates = new Gates([0, 1, 2]);
    dead(gates, 2);
    await gates.check(members([2]), members([0, 1, 2]));
    const [first, second] = await Promise.all([refusal(gates.delete(1)), refusal(gates.delete(0))]);
    expect(first).toContain("would stop without cp-1");
    expect(second).toBe(
      'cp-0 was not touched: cp-1, of the same group "control planes of prod/lab", failed before it in this run; fix that one, then run up again',
    );
    expect(gates.etcd.done).toEqual([]);
  });

  it("one that leaves and is down already prevents nothing", async () => {
    const gates = new Gates([0, 1, 2]);
    dead(gates, 2);
    await gates.check(members([0]), members([0, 1, 2]));
    await gates.delete(1);
    expect(gates.etcd.done).toEqual(["removed cp-2", "emptied cp-1", "removed cp-1"]);
    await gates.delete(2);
    expect([...gates.etcd.members.keys()]).toEqual(["cp-0"]);
  });

  it("the last one stays", async () => {
    const gates = new Gates([0]);
    await gates.check(members([1]), members([0]));
    gates.etcd.members.get("cp-0");
    expect(await refusal(gates.delete(0))).toBe(
      `cp-0 is the last member of etcd in cluster "prod/lab", so its server was not touched: the cluster would go with it
  let others have the data first: servers.controlPlane.min: 3 with everything else as it is, and up; then this change, and up
  if the cluster is given up for sure: LABSTEAD_SKIP_ETCD=cp-0 pulumi up -s prod`,
    );
  });

  it("etcd's own refusal is retried for a while, then reported", async () => {
    const gates = new Gates([0, 1, 2]);
    await gates.check(members([0, 2]));
    gates.etcd.refusals.push("etcdserver: unhealthy cluster");
    await gates.delete(1);
    expect([...gates.etcd.members.keys()]).toEqual(["cp-0", "cp-2"]);
    gates.etcd.refusals.push(...Array<string>(1_000).fill("etcdserver: unhealthy cluster"));
    expect(await refusal(gates.delete(2))).toContain(
      "last answer: etcd of controlPlane/0: etcdserver: unhealthy cluster",
    );
  });

  it("no answer: the last request, and what to do", async () => {
    const gates = new Gates([0, 1, 2]);
    dead(gates, 1);
    dead(gates, 2);
    await gates.check(members([0]), members([0, 1, 2]));
    expect(await refusal(gates.delete(1))).toBe(
      `the members of etcd in cluster "prod/lab" are unknown, so cp-1 could not be taken out and its server was not touched
  last answer: etcd of controlPlane/2: etcdserver: request timed out
  check: that SSH comes to the control planes, and etcd on them (journalctl -u kubelet, and crictl ps -a); then go on with: pulumi up -s prod
  if the cluster is given up for sure: LABSTEAD_SKIP_ETCD=cp-1 pulumi up -s prod`,
    );
  });

  it("one that never started is known by its address, and a learner has no vote to lose", async () => {
    const gates = new Gates([0, 1]);
    const late = gates.etcd.add("cp-2", 2);
    [late.name, late.learner, late.alive] = ["", true, false];
    await gates.check(members([0, 1]), members([0, 1, 2]));
    await gates.delete(2);
    expect([...gates.etcd.members.keys()]).toEqual(["cp-0", "cp-1"]);
  });

  it("one that is no member any more only is emptied: a run that was interrupted goes on", async () => {
    const gates = new Gates([0]);
    await gates.check(members([0]), members([0, 1]));
    await gates.delete(1);
    expect(gates.etcd.done).toEqual(["emptied cp-1"]);
  });

  it("the member of another server under the same name is left alone", async () => {
    const gates = new Gates([0, 1, 2]);
    gates.providerIds.set("cp-1", "openstack:///of-another");
    await gates.check(members([0, 1, 2]));
    await gates.delete(1);
    expect(gates.etcd.done).toEqual([]);
  });
});

describe("control planes that come back", () => {
  it("with their volume stay members, and go only while a majority of all answers", async () => {
    const gates = new Gates([0, 1, 2]);
    await gates.check(members([0, 1, 2], "volume"), members([0, 1, 2], "volume"));
    await gates.delete(0);
    expect(gates.etcd.done).toEqual(["emptied cp-0"]);
    dead(gates, 0);
    expect(await refusal(gates.delete(1))).toContain("without it 1 member would answer of 3, and 2 have to");
    expect(await refusal(gates.create(0))).toBe(
      `etcd of cluster "prod/lab" is not whole again with cp-0; no other control plane was touched after it
  last answer: it is a member and does not answer
  check: on the server: journalctl -u labstead-kubernetes -u kubelet, and crictl ps -a; the next up waits again`,
    );
    const member = gates.etcd.members.get("cp-0");
    if (member !== undefined) member.alive = true;
    await gates.create(0);
  });

  it("without their volume leave like everybody, and are seen back", async () => {
    const gates = new Gates([0, 1, 2]);
    await gates.check(members([0, 1, 2]), members([0, 1, 2]));
    await gates.delete(0);
    expect(gates.etcd.done).toEqual(["emptied cp-0", "removed cp-0"]);
    expect(await refusal(gates.create(0))).toContain("etcd has no such member");
    gates.etcd.add("cp-0", 0).learner = true;
    expect(await refusal(gates.create(0))).toContain("it has no vote yet");
    gates.etcd.add("cp-0", 0);
    await gates.create(0);
  });

  it.each([
    ["gets", "rootDisk", "volume"],
    ["loses", "volume", "rootDisk"],
  ] as const)("a volume that a server %s now holds none of its data", async (_, before, now) => {
    const gates = new Gates([0, 1, 2]);
    await gates.check(members([0, 1, 2], now), members([0, 1, 2], before));
    await gates.delete(0);
    expect(gates.etcd.done).toEqual(["emptied cp-0", "removed cp-0"]);
  });

  it("the only one goes with its volume alone, as seen on the machine", async () => {
    const gates = new Gates([0]);
    await gates.check(members([0], "volume"));
    await gates.delete(0);
    gates.etcd.mounted = false;
    const text = await refusal(gates.delete(0));
    expect(text).toContain(
      'cp-0 is the only member of etcd in cluster "prod/lab" and has its data on its root disk',
    );
    const without = new Gates([0]);
    await without.check(members([0]));
    expect(await refusal(without.delete(0))).toBe(text);
  });
});

describe("etcd is not asked", () => {
  it("in a run that leaves the control planes out: it stops, and says why", async () => {
    const gates = new Gates([0, 1, 2]);
    expect(await refusal(gates.delete(1))).toBe(
      `this run does not know the control planes, so cp-1 cannot be taken out of etcd and its server was not touched
  with --target or --exclude they are left out: write servers.controlPlane.min or removed as it is to be, and run it whole: pulumi up -s prod
  if the cluster is given up for sure: LABSTEAD_SKIP_ETCD=cp-1 pulumi up -s prod`,
    );
  });

  it("for a node that a person names, where others formed the cluster, and where there are no machines", async () => {
    const named = new Gates([0, 1], { skip: ["cp-1"] });
    await named.delete(1);
    expect(named.logged).toEqual(["warning: etcd member cp-1 is not taken out: LABSTEAD_SKIP_ETCD names it"]);
    const given = new Gates([0, 1]);
    await given.check({ cluster: "prod/lab", formedBy: "others", members: {} });
    await given.delete(1);
    expect(given.logged).toEqual([
      "warning: cp-1 is taken out of etcd by those who operate the cluster: this program did not make it a member",
    ]);
    const built = new Gates([0, 1], { machines: false });
    await built.delete(1);
    expect(built.logged).toEqual(["info: etcd is not asked about cp-1 (the cloud is the built-in one)"]);
    for (const each of [named, given, built]) expect(each.etcd.done).toEqual(["emptied cp-1"]);
  });
});

describe("inputs of EtcdMembers", () => {
  it("are complete, and keep keys secret", async () => {
    const gates = new Gates([]);
    const { inputs, failures } = await gates.check(members([0]));
    expect(failures).toBeUndefined();
    expect(containsSecret(inputs["members"])).toBe(true);
    const wrong = { cluster: "", formedBy: "me", members: { "controlPlane/0": { data: "tape" } }, more: 1 };
    expect((await gates.check(wrong)).failures).toEqual([
      { property: "more", reason: "EtcdMembers has no such input; it has cluster, formedBy, members" },
      { property: "cluster", reason: "is missing; give a text" },
      { property: "formedBy", reason: "is one of servers, others" },
      { property: 'members["controlPlane/0"].node', reason: "is missing; give a text" },
      { property: 'members["controlPlane/0"].data', reason: "is one of volume, rootDisk" },
      {
        property: "",
        reason:
          'members["controlPlane/0"].connection is missing; give host, user, privateKey, hostKey and via',
      },
    ]);
  });
});
