/** The ResourceProvider service of Pulumi's protocol, over a {@link PackageHandler}. */
import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { toServerError } from "./errors";
import type { DiffResult, LongRequest, PackageHandler, PropertyDiff, ResourceRequest } from "./handler";
import { checkResponse, diffResponse, invokeResponse } from "./responses";
import type { Session, Sessions } from "./session";
import { decodeStruct, encodeStruct } from "./struct";
import { sameValue } from "./values";
import type { PropertyMap } from "./values";

/** Every call that the engine makes of a provider with custom resources and functions. */
export function resourceProvider(handler: PackageHandler, sessions: Sessions): UntypedServiceImplementation {
  const unary = unaryOf(sessions);
  return {
    handshake: unary(handshake, (peer) => sessions.open(peer)),
    attach: unary(attach),
    getPluginInfo: unary(() => Promise.resolve(pluginInfo(handler))),
    getSchema: unary(() => Promise.resolve(schema(handler))),
    checkConfig: unary((request: pb.CheckRequest, session) => checkConfig(handler, request, session)),
    diffConfig: unary((request: pb.DiffRequest, session) => diffConfig(handler, request, session)),
    configure: unary((request: pb.ConfigureRequest, session) => configure(handler, request, session)),
    check: unary(check),
    diff: unary(diff),
    create: unary(create),
    read: unary(read),
    update: unary(update),
    delete: unary(remove),
    invoke: unary(invoke),
    cancel: unary(cancel),
  };
}

type Answer<Request, Response> = (request: Request, session: Session) => Promise<Response>;

function unaryOf(sessions: Sessions) {
  return <Request, Response>(
      answer: Answer<Request, Response>,
      sessionOf: (peer: string) => Session = (peer) => sessions.of(peer),
    ): handleUnaryCall<Request, Response> =>
    (call, callback) => {
      const answered = async (): Promise<Response> => answer(call.request, sessionOf(call.getPeer()));
      answered().then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServerError(error, inputsOf(call.request))),
      );
    };
}

/** The program's inputs in a request that can fail half-way. */
function inputsOf(request: unknown): PropertyMap {
  if (request instanceof pb.CreateRequest) return decodeStruct(request.getProperties());
  if (request instanceof pb.UpdateRequest) return decodeStruct(request.getNews());
  return request instanceof pb.ReadRequest ? decodeStruct(request.getInputs()) : {};
}

// The provider as a whole

function handshake(
  request: pb.ProviderHandshakeRequest,
  session: Session,
): Promise<pb.ProviderHandshakeResponse> {
  session.attach(request.getEngineAddress());
  const response = new pb.ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setAcceptOutputs(true);
  // A reference to a resource is then sent as that resource's id, which is what a custom resource wants.
  response.setAcceptResources(false);
  return Promise.resolve(response);
}

function attach(request: PluginAttach, session: Session): Promise<Empty> {
  session.attach(request.getAddress());
  return Promise.resolve(new Empty());
}

function pluginInfo(handler: PackageHandler): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(handler.version);
  return info;
}

function schema(handler: PackageHandler): pb.GetSchemaResponse {
  const response = new pb.GetSchemaResponse();
  response.setSchema(handler.schema ?? JSON.stringify({ name: handler.name, version: handler.version }));
  return response;
}

async function checkConfig(
  handler: PackageHandler,
  request: pb.CheckRequest,
  session: Session,
): Promise<pb.CheckResponse> {
  const asked = checkRequest(request, session);
  return checkResponse((await handler.checkConfig?.(asked)) ?? { inputs: asked.newInputs });
}

async function diffConfig(
  handler: PackageHandler,
  request: pb.DiffRequest,
  session: Session,
): Promise<pb.DiffResponse> {
  const asked = diffRequest(request, session);
  return diffResponse(
    (await handler.diffConfig?.(asked)) ?? changedInPlace(asked.oldInputs, asked.newInputs),
  );
}

function changedInPlace(oldInputs: PropertyMap, newInputs: PropertyMap): DiffResult {
  const changes: Record<string, PropertyDiff> = {};
  for (const key of new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])) {
    if (!sameValue(oldInputs[key], newInputs[key])) changes[key] = { change: "update", replace: false };
  }
  return { changes };
}

async function configure(
  handler: PackageHandler,
  request: pb.ConfigureRequest,
  session: Session,
): Promise<pb.ConfigureResponse> {
  const inputs = decodeStruct(request.getArgs());
  session.configure(await handler.configure({ urn: request.getUrn() ?? "", inputs }));
  const response = new pb.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setAcceptoutputs(true);
  response.setAcceptresources(false);
  response.setSupportspreview(true);
  return response;
}

async function invoke(request: pb.InvokeRequest, session: Session): Promise<pb.InvokeResponse> {
  const asked = {
    token: request.getTok(),
    args: decodeStruct(request.getArgs()),
    preview: request.getPreview(),
  };
  const result = await session.configured.invoke?.(asked);
  if (result === undefined) throw new Error(`unknown function ${asked.token}`);
  return invokeResponse(result);
}

function cancel(_request: Empty, session: Session): Promise<Empty> {
  session.cancel();
  return Promise.resolve(new Empty());
}

// One resource

async function check(request: pb.CheckRequest, session: Session): Promise<pb.CheckResponse> {
  const asked = checkRequest(request, session);
  return checkResponse(await session.resource(asked.type).check(asked));
}

async function diff(request: pb.DiffRequest, session: Session): Promise<pb.DiffResponse> {
  const asked = diffRequest(request, session);
  return diffResponse(await session.resource(asked.type).diff(asked));
}

async function create(request: pb.CreateRequest, session: Session): Promise<pb.CreateResponse> {
  const common = longRequest(request, session);
  const inputs = decodeStruct(request.getProperties());
  const made = await session
    .resource(common.type)
    .create({ ...common, inputs, preview: request.getPreview() });
  const response = new pb.CreateResponse();
  response.setId(made.id);
  response.setProperties(encodeStruct(made.outputs));
  return response;
}

async function read(request: pb.ReadRequest, session: Session): Promise<pb.ReadResponse> {
  const common = longRequest(request, session);
  const inputs = decodeStruct(request.getInputs());
  const state = decodeStruct(request.getProperties());
  const found = await session.resource(common.type).read({ ...common, id: request.getId(), inputs, state });
  const response = new pb.ReadResponse();
  if (found === undefined) return response; // an empty id means that the resource is gone
  response.setId(found.id);
  response.setProperties(encodeStruct(found.outputs));
  response.setInputs(encodeStruct(found.inputs));
  return response;
}

async function update(request: pb.UpdateRequest, session: Session): Promise<pb.UpdateResponse> {
  const common = longRequest(request, session);
  const outputs = await session.resource(common.type).update({
    ...common,
    id: request.getId(),
    preview: request.getPreview(),
    oldInputs: decodeStruct(request.getOldInputs()),
    oldState: decodeStruct(request.getOlds()),
    newInputs: decodeStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  });
  const response = new pb.UpdateResponse();
  response.setProperties(encodeStruct(outputs));
  return response;
}

async function remove(request: pb.DeleteRequest, session: Session): Promise<Empty> {
  const common = longRequest(request, session);
  const inputs = decodeStruct(request.getOldInputs());
  const state = decodeStruct(request.getProperties());
  await session.resource(common.type).delete({ ...common, id: request.getId(), inputs, state });
  return new Empty();
}

// Requests

interface NamesResource {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

function resourceRequest(request: NamesResource, session: Session): ResourceRequest {
  const urn = request.getUrn();
  return {
    urn,
    type: request.getType() || typeOf(urn),
    name: request.getName() || (urn.split("::")[3] ?? ""),
    log: (severity, message, options) => session.log(urn, severity, message, options?.status === true),
  };
}

/** `urn:pulumi:stack::project::parentType$type::name`: the type is what follows the last `$`. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function longRequest(request: NamesResource & { getTimeout(): number }, session: Session): LongRequest {
  const seconds = request.getTimeout();
  return {
    ...resourceRequest(request, session),
    timeoutSeconds: seconds > 0 ? seconds : undefined,
    signal: session.signal,
  };
}

function checkRequest(request: pb.CheckRequest, session: Session) {
  return {
    ...resourceRequest(request, session),
    oldInputs: decodeStruct(request.getOlds()),
    newInputs: decodeStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
  };
}

function diffRequest(request: pb.DiffRequest, session: Session) {
  return {
    ...resourceRequest(request, session),
    id: request.getId(),
    oldInputs: decodeStruct(request.getOldInputs()),
    oldState: decodeStruct(request.getOlds()),
    newInputs: decodeStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}
