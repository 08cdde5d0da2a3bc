/** What the topics of a report share: the lab, the places of its settings, its money. */
import { addressText } from "../../environment/address-text";
import type { AddressPlan, MonthlyPrice } from "../../environment/plan/types";
import { writtenPath, type SettingLines } from "../../environment/yaml-lines";
import type { Lab } from "../../lab";
import { maskText } from "../../values";
import { sum, times, unitOf } from "../cost/cost";
import { costText } from "../cost/money";
import { priceOf, type Priced } from "../cost/priced";
import type { Line, Piece, Place } from "./types";

/** The part of the catalog that a chart belongs to. */
export interface PartName {
  readonly key: string;
  /** `the DataLabs stack`. */
  readonly title: string;
  readonly isApplication: boolean;
}

export interface ReportInput {
  readonly lab: Lab;
  /** Name of the configuration's file and the lines of its settings. @default places have no lines */
  readonly source?: { readonly file: string; readonly lines: SettingLines };
  /** Of a chart, by its id. */
  readonly partOf: (chart: string) => PartName;
}

export type Plan = Lab["plan"];

export function placeOf({ source }: Pick<ReportInput, "source">, path: string): Place {
  const written = source && writtenPath(source.lines, path);
  const line = written === undefined ? undefined : source?.lines.get(written);
  return { path, ...(written === undefined || line === undefined ? {} : { line, written }) };
}

/** An address, or the name of what the cloud assigns. */
export function shownAddress(address: AddressPlan): string {
  return maskText(addressText(address));
}

export function link(text: string, to: string): Piece {
  return { text, to };
}

/** Pieces with commas between. */
export function joined(pieces: readonly Piece[]): Line {
  return pieces.flatMap((each, index) => (index === 0 ? [each] : [", ", each]));
}

/** Each text once, in the order of the first. */
export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** `3 × large, 1 × small`; without a number if all are the same. */
export function countedText(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size === 1) return texts[0] ?? "";
  return [...counts].map(([text, count]) => `${String(count)} × ${text}`).join(", ");
}

/** `12.50 EUR a month`, of all together; what has no price is named. */
export function monthText(plan: Plan, items: readonly (readonly [Priced, amount: number])[]): string {
  const { prices } = plan.project;
  if (prices === undefined) return "no prices";
  const priced = items.flatMap(([what, amount]) => {
    const price = priceOf(what, prices);
    return price === undefined ? [] : [{ month: times(price, amount) }];
  });
  const total: MonthlyPrice = sum(priced);
  const more = priced.length < items.length ? " or more: some of it has no price" : "";
  return `${costText(total)} ${unitOf(prices)} a month${more}`;
}
