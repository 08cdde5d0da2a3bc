/** The examples of `docs/findings.md`: the first one has its finding, the second one just not. */
import { parse, parseAllDocuments } from "yaml";
import { FINDINGS, FindingsError, type Finding, type FindingId } from "../../environment/findings";
import { FINDING_EXAMPLES, isOfManifests } from "../../environment/findings/examples";
import type { Manifest } from "../../deploy/manifest";
import { lab } from "../../lab";
import { objectFindings } from "../../review/objects/findings";
import { FACTS } from "../review/objects/facts";
import { configOf, merged, ownerBase, type Json } from "./configs";

const EXAMPLES = Object.entries(FINDING_EXAMPLES).map(([id, example]) => [id as FindingId, example] as const);

function found(id: FindingId, text: string): readonly FindingId[] {
  const findings = isOfManifests(id)
    ? objectFindings(
        parseAllDocuments(text).map((each) => each.toJS() as Manifest),
        FACTS,
      )
    : ofEnvironment(parse(text) as Json);
  return findings.map((each) => each.id);
}

function ofEnvironment(changes: Json): readonly Finding[] {
  try {
    return lab({ config: configOf("lab", merged(ownerBase(), changes)) }).findings;
  } catch (error) {
    if (error instanceof FindingsError) return error.findings;
    throw error;
  }
}

test.each(EXAMPLES)("%s", (id, example) => {
  expect(found(id, example.found)).toContain(id);
  expect(found(id, example.notFound)).not.toContain(id);
});

test("every finding over objects has one", () => {
  const ids = Object.keys(FINDINGS).filter((id) => isOfManifests(id as FindingId));
  expect(ids.filter((id) => FINDING_EXAMPLES[id as FindingId] === undefined)).toEqual([]);
});
