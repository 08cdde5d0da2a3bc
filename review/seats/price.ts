/** What a node costs a month, of which each seat has its share. */
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { amountOf } from "../cost/money";
import { priceOf, type Priced } from "../cost/priced";
import { disksOf } from "./nodes";

/** In the unit of the prices: its server with all volumes; undefined if one of them has no price. */
export function nodeMonth(
  server: ServerPlan,
  { volumes, project }: Pick<EnvironmentPlan, "volumes" | "project">,
): number | undefined {
  const disks = disksOf(server, { volumes });
  const things: readonly (readonly [Priced, number])[] = [
    [{ kind: "server", flavor: server.flavor }, 1],
    ...disks.map(({ volumeType, sizeGiB }) => [{ kind: "volume" as const, volumeType }, sizeGiB] as const),
  ];
  return things.reduce<number | undefined>((total, [priced, amount]) => {
    const price = priceOf(priced, project.prices);
    return total === undefined || price === undefined ? undefined : total + amountOf(price) * amount;
  }, 0);
}
