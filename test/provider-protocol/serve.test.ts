import { credentials, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { decodeStruct, encodeStruct, PartialFailure, Secret, serve, UNKNOWN } from "../../provider-protocol";
import type {
  ConfiguredPackage,
  PackageHandler,
  PropertyMap,
  ResourceHandler,
  Serving,
} from "../../provider-protocol";

const URN = "urn:pulumi:prod::lab::lab:index:Parent$box:index:Box::first";

/** A package whose one resource records its requests. */
const boxes: PackageHandler = {
  name: "box",
  version: "1.2.3",
  configure: ({ inputs }) => Promise.resolve(configured(inputs["site"])),
};

function configured(site: PropertyMap[string] | undefined): ConfiguredPackage {
  return {
    resource: (type) => (type === "box:index:Box" ? box(site ?? null) : undefined),
    invoke: ({ token, args }) => Promise.resolve({ result: { token, args } }),
  };
}

function box(site: PropertyMap[string]): ResourceHandler {
  return {
    check: ({ newInputs, name }) =>
      Promise.resolve({
        inputs: { name, ...newInputs },
        failures: [{ property: "lid", reason: "is missing" }],
      }),
    diff: () =>
      Promise.resolve({
        changes: {
          "sides[0].color": { change: "update", replace: true },
          lid: { change: "add", replace: false },
        },
        deleteBeforeReplace: true,
      }),
    create: async ({ inputs, preview, signal }) => {
      if (inputs["wait"] === true) await aborted(signal);
      if (inputs["broken"] === true)
        throw new PartialFailure("b-1", { half: true }, ["the lid does not close"]);
      if (inputs["refused"] === true) throw new Error("no room: quota of boxes is 0");
      return { id: "b-1", outputs: { site, key: new Secret("k"), later: preview ? UNKNOWN : "now" } };
    },
    read: ({ id, inputs }) => Promise.resolve(id === "gone" ? undefined : { id, inputs, outputs: { site } }),
    update: ({ newInputs, oldInputs, oldState }) => Promise.resolve({ newInputs, oldInputs, oldState }),
    delete: ({ timeoutSeconds }) =>
      timeoutSeconds === 5 ? Promise.reject(new Error("in use")) : Promise.resolve(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(new Error("stopped"))),
  );
}

let serving: Serving;
const clients: ResourceProviderClient[] = [];

beforeAll(async () => {
  serving = await serve(boxes);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await serving.close();
});

/** A connection of its own, as the engine opens one for each provider resource. */
function connect(): ResourceProviderClient {
  const options = { "grpc.use_local_subchannel_pool": 1, "grpc.max_receive_message_length": -1 };
  const client = new ResourceProviderClient(
    `127.0.0.1:${serving.port}`,
    credentials.createInsecure(),
    options,
  );
  clients.push(client);
  return client;
}

type Done<Response> = (error: ServiceError | null, response: Response) => void;

function call<Response>(start: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

async function configuredFor(site: string): Promise<ResourceProviderClient> {
  const client = connect();
  const hello = new pb.ProviderHandshakeRequest();
  hello.setEngineAddress("127.0.0.1:1");
  const protocol = await call<pb.ProviderHandshakeResponse>((done) => client.handshake(hello, done));
  expect(protocol.getAcceptSecrets()).toBe(true);
  await call<Empty>((done) => client.attach(new PluginAttach().setAddress("127.0.0.1:1"), done));
  const request = new pb.ConfigureRequest();
  request.setArgs(encodeStruct({ site }));
  const response = await call<pb.ConfigureResponse>((done) => client.configure(request, done));
  expect(response.getSupportspreview()).toBe(true);
  return client;
}

function createRequest(inputs: PropertyMap): pb.CreateRequest {
  const request = new pb.CreateRequest();
  request.setUrn(URN);
  request.setProperties(encodeStruct(inputs));
  return request;
}

test("two connections are two providers", async () => {
  const [north, south] = [await configuredFor("north"), await configuredFor("south")];
  const sites = await Promise.all(
    [north, south, north].map(async (client) => {
      const made = await call<pb.CreateResponse>((done) => client.create(createRequest({}), done));
      return decodeStruct(made.getProperties())["site"];
    }),
  );
  expect(sites).toEqual(["north", "south", "north"]);
});

test("secrets and unknowns reach the engine as such", async () => {
  const client = await configuredFor("x");
  const made = await call<pb.CreateResponse>((done) =>
    client.create(createRequest({}).setPreview(true), done),
  );
  const outputs = decodeStruct(made.getProperties());
  expect(outputs["later"]).toBe(UNKNOWN);
  expect(outputs["key"]).toBeInstanceOf(Secret);
});

test("check gives completed inputs and failures, with the type and name from the URN", async () => {
  const client = await configuredFor("x");
  const request = new pb.CheckRequest();
  request.setUrn(URN);
  request.setNews(encodeStruct({ size: 1 }));
  const response = await call<pb.CheckResponse>((done) => client.check(request, done));
  expect(decodeStruct(response.getInputs())).toEqual({ name: "first", size: 1 });
  expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
    { property: "lid", reason: "is missing" },
  ]);
});

test("diff reports which property replaces, in detail", async () => {
  const client = await configuredFor("x");
  const request = new pb.DiffRequest();
  request.setUrn(URN);
  const response = await call<pb.DiffResponse>((done) => client.diff(request, done));
  expect(response.getChanges()).toBe(pb.DiffResponse.DiffChanges.DIFF_SOME);
  expect(response.getReplacesList()).toEqual(["sides"]);
  expect(response.getDiffsList()).toEqual(["sides", "lid"]);
  expect(response.getDeletebeforereplace()).toBe(true);
  expect(response.getDetaileddiffMap().get("sides[0].color")?.getKind()).toBe(
    pb.PropertyDiff.Kind.UPDATE_REPLACE,
  );
  expect(response.getDetaileddiffMap().get("lid")?.getKind()).toBe(pb.PropertyDiff.Kind.ADD);
});

test("read, update, delete and invoke carry everything across", async () => {
  const client = await configuredFor("x");
  const read = new pb.ReadRequest();
  read.setUrn(URN);
  read.setId("gone");
  expect((await call<pb.ReadResponse>((done) => client.read(read, done))).getId()).toBe("");
  read.setId("b-2");
  expect((await call<pb.ReadResponse>((done) => client.read(read, done))).getId()).toBe("b-2");

  const update = new pb.UpdateRequest();
  update.setUrn(URN);
  update.setOlds(encodeStruct({ state: 1 }));
  update.setOldInputs(encodeStruct({ old: 1 }));
  update.setNews(encodeStruct({ fresh: 1 }));
  const updated = await call<pb.UpdateResponse>((done) => client.update(update, done));
  expect(decodeStruct(updated.getProperties())).toEqual({
    oldState: { state: 1 },
    oldInputs: { old: 1 },
    newInputs: { fresh: 1 },
  });

  const remove = new pb.DeleteRequest();
  remove.setUrn(URN);
  await call<Empty>((done) => client.delete(remove, done));
  await expect(call<Empty>((done) => client.delete(remove.setTimeout(5), done))).rejects.toMatchObject({
    details: "in use",
  });

  const invoke = new pb.InvokeRequest();
  invoke.setTok("box:index:find");
  invoke.setArgs(encodeStruct({ a: 1 }));
  const found = await call<pb.InvokeResponse>((done) => client.invoke(invoke, done));
  expect(decodeStruct(found.getReturn())).toEqual({ token: "box:index:find", args: { a: 1 } });
});

test("a failure keeps its message; one half-way carries id, outputs, inputs and reasons", async () => {
  const client = await configuredFor("x");
  const refused = call<pb.CreateResponse>((done) => client.create(createRequest({ refused: true }), done));
  await expect(refused).rejects.toMatchObject({
    code: status.UNKNOWN,
    details: "no room: quota of boxes is 0",
  });

  const error: unknown = await call<pb.CreateResponse>((done) =>
    client.create(createRequest({ broken: true }), done),
  ).catch((caught: unknown) => caught);
  const [packed] = (error as ServiceError).metadata.get("grpc-status-details-bin");
  const detail = Status.deserializeBinary(packed as Buffer).getDetailsList()[0];
  const failed = detail?.unpack(
    pb.ErrorResourceInitFailed.deserializeBinary.bind(pb.ErrorResourceInitFailed),
    "pulumirpc.ErrorResourceInitFailed",
  );
  expect(failed?.getId()).toBe("b-1");
  expect(decodeStruct(failed?.getProperties())).toEqual({ half: true });
  expect(decodeStruct(failed?.getInputs())).toEqual({ broken: true });
  expect(failed?.getReasonsList()).toEqual(["the lid does not close"]);
});

test("an unknown type and an unconfigured connection are clear errors", async () => {
  const client = await configuredFor("x");
  const lid = createRequest({}).setUrn("urn:pulumi:prod::lab::box:index:Lid::a");
  await expect(call<pb.CreateResponse>((done) => client.create(lid, done))).rejects.toMatchObject({
    details: "unknown resource type box:index:Lid",
  });
  const fresh = connect();
  const early = call<pb.CreateResponse>((done) => fresh.create(createRequest({}), done));
  await expect(early).rejects.toMatchObject({ details: "the provider has not been configured" });
});

test("cancel aborts what is running", async () => {
  const client = await configuredFor("x");
  const waiting = call<pb.CreateResponse>((done) => client.create(createRequest({ wait: true }), done));
  const expected = expect(waiting).rejects.toMatchObject({ details: "stopped" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await call<Empty>((done) => client.cancel(new Empty(), done));
  await expected;
});

test("the plugin says its version, and messages over 4 MiB pass", async () => {
  const client = await configuredFor("x");
  expect((await call<PluginInfo>((done) => client.getPluginInfo(new Empty(), done))).getVersion()).toBe(
    "1.2.3",
  );
  const big = new pb.UpdateRequest();
  big.setUrn(URN);
  big.setNews(encodeStruct({ text: "x".repeat(6 * 1024 * 1024) }));
  await expect(call<pb.UpdateResponse>((done) => client.update(big, done))).resolves.toBeDefined();
});

test("closing ends calls that do not end by themselves", async () => {
  const own = await serve(boxes);
  const client = new ResourceProviderClient(`127.0.0.1:${own.port}`, credentials.createInsecure());
  await call<pb.ConfigureResponse>((done) => client.configure(new pb.ConfigureRequest(), done));
  const hanging = expect(
    call<pb.CreateResponse>((done) => client.create(createRequest({ wait: true }), done)),
  ).rejects.toBeDefined();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await own.close();
  await hanging;
  client.close();
});
