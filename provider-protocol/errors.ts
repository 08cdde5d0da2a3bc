/** A handler's error as the status that the engine understands. */
import { Metadata, status } from "@grpc/grpc-js";
import type { ServerErrorResponse } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { PartialFailure } from "./handler";
import { encodeStruct } from "./struct";
import type { PropertyMap } from "./values";

/** A type or function that the package does not have. */
export class NotImplemented extends Error {}

/**
 * The gRPC error for what a handler threw, with the same message.
 * @param inputs the inputs of the request, recorded with a {@link PartialFailure} that names none
 */
export function toServerError(error: unknown, inputs: PropertyMap = {}): ServerErrorResponse {
  if (error instanceof PartialFailure) return initFailed(error, inputs);
  const failure = error instanceof Error ? error : new Error(String(error));
  return {
    name: failure.name,
    message: failure.message,
    code: error instanceof NotImplemented ? status.UNIMPLEMENTED : status.UNKNOWN,
    details: failure.message,
  };
}

function initFailed(error: PartialFailure, inputs: PropertyMap): ServerErrorResponse {
  const failed = new ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(encodeStruct(error.outputs));
  failed.setInputs(encodeStruct(error.inputs ?? inputs));
  failed.setReasonsList([...error.reasons]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const details = new Status();
  details.setCode(status.UNKNOWN);
  details.setMessage(error.message);
  details.addDetails(detail);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  return { name: error.name, message: error.message, code: status.UNKNOWN, details: error.message, metadata };
}
