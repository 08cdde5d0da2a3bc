/** The servers of the environment with their keys in the program. */
import type { Sources } from "./environment";

/** Keys of servers with the servers, in the order of pools and slots. */
export function placedServers({ pools, addressing }: Sources) {
  return [...pools].flatMap(([pool, servers]) =>
    servers.map((each, index) => {
      const slot = addressing.slots.get(pool)?.[index] ?? index;
      return { ...each, pool, index, key: `${pool}/${String(slot)}` };
    }),
  );
}
