/** Checks of a configuration that no schema can do, because the values would be lost or misread: these run first. */
import { MARKER_OPEN } from "../values";
import { finding, type Finding } from "./findings";
import { pathText, shown } from "./printable";

export interface RawValues {
  /** The configuration without the keys that are refused here. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** As deep as `parseYaml` allows; a configuration in TypeScript could even contain itself. */
const MOST_LEVELS = 100;

/**
 * Findings for texts in which a marker of a value begins that is known later, for numbers that are not finite, and for
 * keys that every object of JavaScript has: code that looks such a name up finds what nobody wrote.
 */
export function rawValues(value: unknown): RawValues {
  const findings: Finding[] = [];
  return { value: cleaned(value, [], findings), findings };
}

function cleaned(value: unknown, path: readonly string[], findings: Finding[]): unknown {
  const explanation = problemOf(value, path);
  if (explanation !== undefined) findings.push(invalid(path, ...explanation));
  if (typeof value !== "object" || value === null || explanation !== undefined) return value;
  if (Array.isArray(value))
    return value.map((each, index) => cleaned(each, [...path, String(index)], findings));
  const kept = Object.entries(value).filter(([key]) => isKeyAllowed(key, path, findings));
  return Object.fromEntries(kept.map(([key, each]) => [key, cleaned(each, [...path, key], findings)]));
}

type Explanation = readonly [explanation: string, fix: string];

function problemOf(value: unknown, path: readonly string[]): Explanation | undefined {
  if (typeof value === "string" && value.includes(MARKER_OPEN)) return MARKED;
  if (typeof value === "number" && !Number.isFinite(value))
    return [`${shown(value)} is not a finite number`, "write digits"];
  if (path.length > MOST_LEVELS)
    return [`is nested more than ${String(MOST_LEVELS)} levels deep`, "remove it"];
  return undefined;
}

const MARKED: Explanation = [
  `holds ${MARKER_OPEN}, by which the program marks values that are known later`,
  "write another text",
];

function isKeyAllowed(key: string, path: readonly string[], findings: Finding[]): boolean {
  if (key.includes(MARKER_OPEN)) findings.push(invalid(path, ...MARKED));
  else if (key in Object.prototype)
    findings.push(
      invalid([...path, key], "is a name that every object of JavaScript has", "choose another name"),
    );
  else return true;
  return false;
}

function invalid(path: readonly string[], explanation: string, fix: string): Finding {
  return finding("config.invalid", pathText(path), explanation, fix);
}
