/** etcd's members, asked on a control plane by its own client certificate. */
import type { Machine } from "../machines/machine";
import type { TestCluster } from "./cluster";

export interface Member {
  readonly ID: string;
  readonly name: string;
  readonly isLearner?: boolean;
}

export interface MemberList {
  readonly header: { readonly cluster_id: string };
  readonly members: readonly Member[];
}

export function memberList(cluster: TestCluster, key: string): Promise<MemberList> {
  return membersOn(cluster.machine(key));
}

/** @throws Error if its etcd does not answer by the majority */
export async function membersOn(machine: Machine): Promise<MemberList> {
  const pki = "/etc/kubernetes/pki";
  const text = await machine.must([
    ...["curl", "--silent", "--fail", "--max-time", "5", "--cacert", `${pki}/etcd/ca.crt`],
    ...["--cert", `${pki}/apiserver-etcd-client.crt`, "--key", `${pki}/apiserver-etcd-client.key`],
    ...["--data", '{"linearizable":true}', "https://127.0.0.1:2379/v3/cluster/member/list"],
  ]);
  return JSON.parse(text) as MemberList;
}
