/** For tests of nodes that are no control planes. */
import type { MemberGate } from "../../provider/etcd/member-gate";

export const NO_MEMBER_GATE: MemberGate = {
  leave: async (_node, _request, emptied) => {
    await emptied();
  },
  waitUntilBack: () => Promise.resolve(),
};
