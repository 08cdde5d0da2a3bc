/**
 * Passes the manifests of a big set from the program to the plugin over a socket: as an input they would go through the
 * engine, which copies and encodes all of them several times. Nothing of them is written to a disk.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Begins a reference; JSON never does. */
const SCHEME = "labstead-socket:";

/** Milliseconds in which the program has to send more. */
const SILENCE = 60_000;

/** A text that the plugin can get. */
export interface OfferedText {
  /** What the input says: the key and the path of the socket, or the text itself if there can be no socket. */
  readonly input: Promise<string>;
  /** The plugin cannot get the text any more. */
  readonly withdraw: () => void;
}

/** One socket of a program, in a folder that only its own user can enter. */
class TextServer {
  readonly #texts = new Map<string, () => string>();

  private constructor(private readonly path: string) {}

  static async start(): Promise<TextServer> {
    const folder = mkdtempSync(join(tmpdir(), "labstead-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "socket");
    const texts = new TextServer(path);
    // A question that has come is answered, but the program does not go on because of it.
    const server = createServer({ allowHalfOpen: true }, (socket) => texts.answer(socket)).unref();
    await listening(server, path);
    return texts;
  }

  /** @returns the reference: the key is needed to get the text */
  offer(key: string, text: () => string): string {
    this.#texts.set(key, text);
    return `${SCHEME}${key}:${this.path}`;
  }

  withdraw(key: string): void {
    this.#texts.delete(key);
  }

  /** An unknown key is answered by nothing. */
  private answer(socket: Socket): void {
    let key = "";
    socket.setEncoding("latin1");
    // The plugin may have been ended meanwhile.
    socket.once("error", () => socket.destroy());
    socket.on("data", (part: string) => (key += part));
    socket.once("end", () => socket.end(this.#texts.get(key)?.() ?? ""));
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(path, () => resolve());
  });
}

let server: Promise<TextServer> | undefined;

/**
 * Offers a text of this program to the plugin.
 * @param text is called each time the plugin asks, so that not all texts exist at once
 */
export function offerText(text: () => string): OfferedText {
  const key = randomBytes(16).toString("hex");
  const started = (server ??= TextServer.start());
  return {
    // A path of a temporary folder may be too long for a socket.
    input: started.then((texts) => texts.offer(key, text), text),
    withdraw: () =>
      void started.then(
        (texts) => texts.withdraw(key),
        () => undefined,
      ),
  };
}

/** Whether an input is the reference of an offered text. */
export function isOffered(input: string): boolean {
  return input.startsWith(SCHEME);
}

/** @throws Error if the program does not send it */
export function offeredText(reference: string): Promise<string> {
  const [, key = "", path = ""] = /^[^:]*:([^:]*):(.*)$/s.exec(reference) ?? [];
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(`the program does not send the manifests of the set: ${reason}; run up again`));
    };
    const parts: Buffer[] = [];
    const socket = connect({ path, allowHalfOpen: true }, () => socket.end(key));
    socket.setTimeout(SILENCE, () => fail(`nothing came for ${SILENCE / 1000} s`));
    socket.once("error", ({ message }) => fail(message));
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.once("end", () => {
      if (parts.length === 0) fail("it has withdrawn them");
      else resolve(Buffer.concat(parts).toString("utf8"));
    });
  });
}
