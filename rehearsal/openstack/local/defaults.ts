/** Outputs that follow from a type's row and the inputs alone. */
import type { PlainMap, PlainValue } from "../../../provider-protocol";
import { propertyShape } from "../../table/row";
import type { Row } from "../../table/row";
import { PROJECT_ID, REGION, USER_ID } from "./identity";
import { texts } from "../../../provider-protocol/plain";

/** Values of outputs that the program does not give, by name: the same in all of OpenStack's services. */
const BY_NAME: PlainMap = {
  adminStateUp: true,
  region: REGION,
  tenantId: PROJECT_ID,
  projectId: PROJECT_ID,
  userId: USER_ID,
  availabilityZone: "nova",
  status: "ACTIVE",
};

/** The outputs of a resource before its behaviour adds to them. */
export function defaultOutputs(row: Row, inputs: PlainMap): PlainMap {
  const outputs: Record<string, PlainValue> = {};
  for (const name of [...row.always, ...row.outputs]) outputs[name] = BY_NAME[name] ?? emptyOf(row, name);
  const mirrored = { allTags: [...texts(inputs, "tags")].sort(), allMetadata: inputs["metadata"] ?? {} };
  for (const [name, value] of Object.entries(mirrored)) if (name in outputs) outputs[name] = value;
  return { ...outputs, ...inputs };
}

function emptyOf(row: Row, name: string): PlainValue {
  const shape = propertyShape(row.inputs, name)?.shape ?? "string";
  switch (shape) {
    case "string":
    case "any":
      return "";
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return Array.isArray(shape) ? [] : {};
  }
}
