/** What answers outside the test machines: `backend.ts SETTINGS` with a list of listeners in JSON, until it is killed. */
import { createServer as http, type RequestListener } from "node:http";
import { createServer as https } from "node:https";

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Certificate and key, PEM; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** What it answers, to every path but those in `paths`. */
  readonly says: string;
  /** Status by path. @default 200 */
  readonly paths?: Readonly<Record<string, number>>;
}

function answer({ says, paths = {} }: Listener): RequestListener {
  return (request, response) => {
    response.writeHead(paths[request.url ?? ""] ?? 200, { connection: "close" });
    response.end(says);
  };
}

if (require.main === module) {
  const listeners = JSON.parse(process.argv[2] ?? "[]") as readonly Listener[];
  for (const each of listeners) {
    const server = each.tls === undefined ? http(answer(each)) : https(each.tls, answer(each));
    server.listen(each.port, each.address);
  }
}
