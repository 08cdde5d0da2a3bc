/** Sessions of people who signed in by LDAP: a signed cookie, so that the gateway stores nothing. */
"use strict";

const { Buffer } = require("node:buffer");
const { createHmac, timingSafeEqual } = require("node:crypto");

/** The prefix keeps other hosts of the domain from setting it (RFC 6265bis, 4.1.3.2). */
const COOKIE = "__Host-labstead-session";

class Sessions {
  /** @param secret key of the signature @param seconds how long a session lasts */
  constructor(secret, seconds) {
    if (secret.length < 32) throw new Error("SESSION_SECRET has fewer than 32 characters");
    this.secret = secret;
    this.seconds = seconds;
  }

  /** Value of Set-Cookie for a person. */
  begin(name) {
    const content = { name, until: Date.now() + this.seconds * 1000 };
    const text = Buffer.from(JSON.stringify(content)).toString("base64url");
    return `${COOKIE}=${text}.${this.signature(text)}; Max-Age=${String(this.seconds)}; ${ATTRIBUTES}`;
  }

  /** Value of Set-Cookie that ends a session. */
  end() {
    return `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;
  }

  /** Name of the person; undefined without a valid session. */
  nameOf(cookieHeader) {
    const values = cookies(cookieHeader).filter(({ name }) => name === COOKIE);
    if (values.length !== 1) return undefined;
    const [text = "", signature = ""] = values[0].value.split(".");
    const expected = Buffer.from(this.signature(text));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    const { name, until } = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Date.now() < until ? name : undefined;
  }

  signature(text) {
    return createHmac("sha256", this.secret).update(text).digest("base64url");
  }
}

const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";

/** Cookies of a request, in their order. */
function cookies(header = "") {
  return header
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.includes("="))
    .map((part) => ({
      name: part.slice(0, part.indexOf("=")),
      value: part.slice(part.indexOf("=") + 1),
      text: part,
    }));
}

module.exports = { COOKIE, Sessions, cookies };
