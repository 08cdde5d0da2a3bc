/** Property maps to and from the protobuf `Struct` of Pulumi's protocol. */
import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";

import { isList, isMap, Secret, Unknown, UNKNOWN } from "./values";
import type { PropertyMap, PropertyValue } from "./values";

/**
 * Strings that represent a value that is not known yet, one for each kind of value; all mean the same to a provider.
 * Source: `Unknown…Value` in sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi.
 */
const UNKNOWN_SENTINELS: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string; also what the engine sends for a value of unknown kind
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key that marks a map as a special value, and the two kinds that are decoded here. Source: as above. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A message's properties; a message without any gives an empty map. */
export function decodeStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : decodeFields(struct);
}

/** The message for a map of properties. Properties that are `undefined` are left out. */
export function encodeStruct(properties: Readonly<Record<string, PropertyValue | undefined>>): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) fields.set(key, encodeValue(value));
  }
  return struct;
}

function decodeFields(struct: Struct): PropertyMap {
  const properties: Record<string, PropertyValue> = {};
  struct.getFieldsMap().forEach((value: Value, key: string) => {
    properties[key] = decodeValue(value);
  });
  return properties;
}

function decodeValue(value: Value): PropertyValue {
  switch (value.getKindCase()) {
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return UNKNOWN_SENTINELS.has(value.getStringValue()) ? UNKNOWN : value.getStringValue();
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map((item) => decodeValue(item));
    case Value.KindCase.STRUCT_VALUE:
      return decodeSpecial(decodeStruct(value.getStructValue()));
    case Value.KindCase.NULL_VALUE:
    case Value.KindCase.KIND_NOT_SET:
      return null;
  }
}

function decodeSpecial(properties: PropertyMap): PropertyValue {
  switch (properties[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return new Secret(properties["value"] ?? null);
    case OUTPUT_SIGNATURE: {
      const value = properties["value"] ?? UNKNOWN;
      return properties["secret"] === true ? new Secret(value) : value;
    }
    default:
      return properties;
  }
}

function encodeValue(property: PropertyValue): Value {
  const value = new Value();
  if (property === null) value.setNullValue(NullValue.NULL_VALUE);
  else if (property instanceof Unknown) value.setStringValue(UNKNOWN_STRING);
  else if (property instanceof Secret) value.setStructValue(encodeSecret(property));
  else if (isList(property)) value.setListValue(encodeList(property));
  else if (isMap(property)) value.setStructValue(encodeStruct(property));
  else if (typeof property === "string") value.setStringValue(property);
  else if (typeof property === "number") value.setNumberValue(property);
  else value.setBoolValue(property);
  return value;
}

function encodeSecret(secret: Secret): Struct {
  return encodeStruct({ [SIGNATURE_KEY]: SECRET_SIGNATURE, value: secret.value });
}

function encodeList(items: readonly PropertyValue[]): ListValue {
  const list = new ListValue();
  list.setValuesList(items.map((item) => encodeValue(item)));
  return list;
}
