/**
 * A client in a namespace of its own process: `node --import tsx requests.ts <url> <address>` asks every 50 ms from that
 * address, whatever became of the requests before. When its input ends it prints what it saw.
 */
import { get } from "node:http";

export interface Requests {
  readonly count: number;
  /** What did not get its whole answer, and when: seconds since the beginning. */
  readonly failed: readonly { readonly at: number; readonly why: string }[];
  /** Seconds of the slowest, and when it began. */
  readonly slowest: { readonly at: number; readonly seconds: number };
}

const EVERY_MS = 50;
const PATIENCE_MS = 15_000;

/** @throws Error for anything but a whole answer 200 in time; a connection of its own */
function ask(url: string, localAddress: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const request = get(url, { agent: false, localAddress, signal }, (answer) => {
      answer.resume();
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200 && answer.complete) resolve();
        else reject(new Error(`status ${String(answer.statusCode)}`));
      });
    });
    request.on("error", reject);
  });
}

async function main(url: string, from: string): Promise<void> {
  const began = Date.now();
  const failed: { at: number; why: string }[] = [];
  const running: Promise<void>[] = [];
  let slowest = { at: 0, seconds: 0 };
  const once = async (): Promise<void> => {
    const started = Date.now();
    const at = (started - began) / 1000;
    await ask(url, from).catch((error: unknown) => failed.push({ at, why: String(error) }));
    const seconds = (Date.now() - started) / 1000;
    if (seconds > slowest.seconds) slowest = { at, seconds };
  };
  const timer = setInterval(() => running.push(once()), EVERY_MS);
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once("end", resolve));
  clearInterval(timer);
  await Promise.all(running);
  const seen: Requests = { count: running.length, failed, slowest };
  process.stdout.write(JSON.stringify(seen));
}

const [, program, url, from] = process.argv;
if (program === __filename && url !== undefined && from !== undefined) void main(url, from);
