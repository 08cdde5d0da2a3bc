/** For tests of nodes that are no control planes. */
import type { Seats } from "../../provider/etcd/seats";

export const NO_SEATS: Seats = {
  leave: async (_node, _request, emptied) => {
    await emptied();
  },
  back: () => Promise.resolve(),
};
