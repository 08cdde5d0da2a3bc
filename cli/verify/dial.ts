/** One request from this machine to the edge of an environment. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Endpoint } from "./plan";

/** Milliseconds for one answer. */
const ANSWER_TIME = 5_000;

/** A page to ask for. */
export interface Page extends Endpoint {
  readonly protocol: "http" | "https";
  readonly host: string;
  readonly path: string;
}

/** The address as a person would write it. */
export function urlOf({ protocol, address, port, path }: Page): string {
  return `${protocol}://${address}:${String(port)}${path}`;
}

/**
 * Asks for a page that has to contain a text.
 * @returns what is wrong; undefined for the wanted answer
 */
export function wrongAnswer(page: Page, text: string, signal: AbortSignal): Promise<string | undefined> {
  const { protocol, address, port, host, path } = page;
  const options = {
    host: address,
    port,
    path,
    headers: { host },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIME)]),
    agent: false,
  };
  // Whether the way works is asked, not whose certificate it is: that may be self-signed.
  const asked =
    protocol === "http"
      ? httpRequest(options)
      : httpsRequest({ ...options, servername: host, rejectUnauthorized: false });
  return new Promise((resolve) => {
    asked.once("error", (error) => {
      resolve(error.name === "TimeoutError" ? "no answer in time" : error.message);
    });
    asked.once("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("error", ({ message }) => resolve(message));
      response.once("end", () => {
        const body = Buffer.concat(parts).toString("utf8");
        const status = response.statusCode ?? 0;
        if (status !== 200) resolve(`HTTP ${String(status)}`);
        else resolve(body.includes(text) ? undefined : "a page of somebody else");
      });
    });
    asked.end();
  });
}
