/** Messages from a handler to the engine, which shows them at their resource. */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity as Severity } from "@pulumi/pulumi/proto/engine_pb";

import type { LogSeverity } from "./handler";

const SEVERITIES: Readonly<Record<LogSeverity, Severity>> = {
  debug: Severity.DEBUG,
  info: Severity.INFO,
  warning: Severity.WARNING,
  error: Severity.ERROR,
};

/** A connection to one engine's log. */
export class EngineLog {
  readonly #client: EngineClient;

  /** @param address `host:port`, as `attach` or `handshake` gave it */
  constructor(readonly address: string) {
    this.#client = new EngineClient(address, credentials.createInsecure());
  }

  /** Sends a message; one that cannot be delivered (the engine is gone) is dropped, the work itself goes on. */
  send(urn: string, severity: LogSeverity, message: string, status: boolean): void {
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(SEVERITIES[severity]);
    request.setMessage(message);
    request.setEphemeral(status);
    this.#client.log(request, () => undefined);
  }

  close(): void {
    this.#client.close();
  }
}
