/** Prices of one project, all for a month. */
import type { PricesConfig } from "../schema/prices";

/** A month's price in millionths of the unit: whole numbers, so that sums are exact. */
export interface MonthlyPrice {
  readonly millionths: number;
}

export interface PricesPlan {
  readonly in: PricesConfig["in"];
  /** Of a server, by flavor. */
  readonly flavors: Readonly<Record<string, MonthlyPrice>>;
  /** Of a GiB, by volume type. */
  readonly volumeTypes: Readonly<Record<string, MonthlyPrice>>;
  /** Of a GiB of a volume without a type. */
  readonly defaultVolumeType?: MonthlyPrice;
  readonly floatingIp?: MonthlyPrice;
  readonly loadBalancer?: MonthlyPrice;
}
