/** A gRPC server for a package. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import type { PackageHandler } from "./handler";
import { resourceProvider } from "./service";
import { Sessions } from "./session";

/** Largest message taken, in bytes: 400 MiB, as the engine's own limit. gRPC's default of 4 MiB is too small for big inputs. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export interface ServeOptions {
  /** Loopback port. @default any free one */
  readonly port?: number;
}

export interface Serving {
  readonly port: number;
  /** Refuses new calls, lets the running ones end for at most two seconds, and closes. */
  close(): Promise<void>;
}

/**
 * Serves a package on 127.0.0.1. The engine finds it by `PULUMI_DEBUG_PROVIDERS=name:port`, or, started by the
 * engine as a plugin, by the port that the process prints as its first line.
 */
export async function serve(handler: PackageHandler, options: ServeOptions = {}): Promise<Serving> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const sessions = new Sessions();
  server.addService(ResourceProviderService, resourceProvider(handler, sessions));
  const port = await bind(server, options.port ?? 0);
  return { port, close: () => shutDown(server, sessions) };
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}

const GRACE_MILLISECONDS = 2_000;

async function shutDown(server: Server, sessions: Sessions): Promise<void> {
  await new Promise<void>((resolve) => {
    const hurry = setTimeout(() => server.forceShutdown(), GRACE_MILLISECONDS);
    server.tryShutdown(() => {
      clearTimeout(hurry);
      resolve();
    });
  });
  sessions.close();
}
