/**
 * A small OpenID Connect provider on loopback, as strict as a client can be wrong: the exact redirect address, the
 * client's secret, PKCE by S256, codes that are used once. It signs id tokens.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Claims of each person beside those of the protocol. */
export type People = Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;

interface Reply {
  readonly status: number;
  readonly content: object;
  readonly location?: string;
}

interface Code {
  readonly person: string;
  readonly challenge: string;
  readonly nonce: string;
}

export class Provider {
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly codes = new Map<string, Code>();
  private readonly server: Server;

  constructor(
    private readonly port: number,
    private readonly client: { readonly id: string; readonly secret: string; readonly redirect: string },
    private readonly people: People,
  ) {
    this.server = createServer((request, response) => {
      void this.replyTo(request).then((reply) => send(response, reply));
    });
  }

  get issuer(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, "127.0.0.1", resolve));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async replyTo(request: IncomingMessage): Promise<Reply> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.issuer);
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return { status: 200, content: this.discovery() };
      case "/keys":
        return { status: 200, content: { keys: [this.key()] } };
      case "/authorize":
        return this.authorize(searchParams, request.headers.cookie ?? "");
      case "/token":
        return this.token(new URLSearchParams(await bodyOf(request)), request);
      default:
        return { status: 404, content: {} };
    }
  }

  private key(): object {
    return { ...this.keys.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" };
  }

  private discovery(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
    };
  }

  /** The cookie says who is signed in at the provider. */
  private authorize(query: URLSearchParams, cookie: string): Reply {
    const person = /person=(\w+)/.exec(cookie)?.[1] ?? "";
    const { id, redirect } = this.client;
    const wanted = {
      response_type: "code",
      client_id: id,
      redirect_uri: redirect,
      code_challenge_method: "S256",
    };
    const wrong = Object.entries(wanted).find(([name, value]) => query.get(name) !== value);
    if (wrong !== undefined || this.people[person] === undefined)
      return { status: 400, content: { error: wrong?.[0] ?? "nobody is signed in" } };
    const code = randomBytes(16).toString("hex");
    const challenge = query.get("code_challenge") ?? "";
    this.codes.set(code, { person, challenge, nonce: query.get("nonce") ?? "" });
    const back = new URLSearchParams({ code, state: query.get("state") ?? "" });
    return { status: 302, content: {}, location: `${redirect}?${back.toString()}` };
  }

  private token(form: URLSearchParams, request: IncomingMessage): Reply {
    const code = this.codes.get(form.get("code") ?? "");
    this.codes.delete(form.get("code") ?? "");
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!this.isClient(form, request) || code?.challenge !== proof)
      return { status: 400, content: { error: "invalid_grant" } };
    const tokens = { access_token: "opaque", token_type: "Bearer", id_token: this.idToken(code) };
    return { status: 200, content: { ...tokens, expires_in: 3600 } };
  }

  private isClient(form: URLSearchParams, { headers }: IncomingMessage): boolean {
    const { id, secret } = this.client;
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    return (
      headers.authorization === basic ||
      (form.get("client_id") === id && form.get("client_secret") === secret)
    );
  }

  private idToken({ person, nonce }: Code): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: this.client.id,
      sub: `id-${person}`,
      iat: now,
      exp: now + 3600,
      nonce,
    };
    const parts = [
      { alg: "RS256", kid: "1", typ: "JWT" },
      { ...claims, ...this.people[person] },
    ];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${sign("sha256", Buffer.from(text), this.keys.privateKey).toString("base64url")}`;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

function send(response: ServerResponse, { status, content, location }: Reply): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(location === undefined ? {} : { location }),
  });
  response.end(JSON.stringify(content));
}
