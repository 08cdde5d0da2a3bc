/**
 * Whether a name and a password are right, by a simple bind (RFC 4511, 4.2) over TLS: the one question that the gateway
 * has for a directory, so that it needs no package.
 */
"use strict";

const { Buffer } = require("node:buffer");
const net = require("node:net");
const { clearTimeout, setTimeout } = require("node:timers");
const tls = require("node:tls");

const SUCCESS = 0;
/** Unknown names have it too: a directory does not disclose which names exist. */
const INVALID_CREDENTIALS = 49;
const START_TLS = "1.3.6.1.4.1.1466.20037";
/** Answers to a bind are short; more is no LDAP server. */
const LONGEST_ANSWER = 65_536;

/**
 * @param directory address (`ldaps://` or `ldap://`, which begins with StartTLS), `dn` with `{name}` and `timeoutSeconds`;
 * `ca` is the certificate of its authority
 * @returns true if the directory accepts both
 * @throws Error if it does not answer, or with another result
 */
async function passwordIsRight(directory, name, password) {
  // A bind without a password succeeds as nobody (RFC 4513, 5.1.2).
  if (name === "" || password === "") return false;
  const dn = directory.dn.replaceAll("{name}", escaped(name));
  const socket = await connected(directory);
  try {
    const result = await asked(socket, 2, bindRequest(dn, password), directory);
    if (result === SUCCESS) return true;
    if (result === INVALID_CREDENTIALS) return false;
    throw new Error(`the directory answers the bind with result ${String(result)}`);
  } finally {
    socket.destroy();
  }
}

/** A value in a distinguished name (RFC 4514, 2.4): each byte that is not a letter or a digit as hexadecimal digits. */
function escaped(value) {
  return [...Buffer.from(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9]/.test(character) ? character : `\\${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}

async function connected(directory) {
  const { protocol, hostname, port } = new URL(directory.url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const secure = { servername: net.isIP(host) === 0 ? host : "", ca: directory.ca };
  if (protocol === "ldaps:") {
    const socket = tls.connect({ host, port: Number(port || 636), ...secure });
    return await opened(socket, "secureConnect", directory);
  }
  const plain = await opened(net.connect({ host, port: Number(port || 389) }), "connect", directory);
  const result = await asked(plain, 1, startTlsRequest(), directory);
  if (result === SUCCESS) {
    return await opened(tls.connect({ socket: plain, host, ...secure }), "secureConnect", directory);
  }
  plain.destroy();
  throw new Error(`the directory answers StartTLS with result ${String(result)}`);
}

function opened(socket, event, directory) {
  return answered(socket, directory, (resolve) => socket.once(event, () => resolve(socket)));
}

/** Sends a request and reads its result code. */
function asked(socket, id, operation, directory) {
  const message = tagged(0x30, Buffer.concat([integer(id), operation]));
  return answered(socket, directory, (resolve, reject) => {
    let received = Buffer.alloc(0);
    const read = (bytes) => {
      received = Buffer.concat([received, bytes]);
      try {
        const result = resultCode(received);
        if (result === undefined) return;
        socket.off("data", read);
        resolve(result);
      } catch (error) {
        reject(error);
      }
    };
    socket.on("data", read);
    socket.write(message);
  });
}

/** @throws Error if the socket fails, ends or is silent for too long; it is closed then */
function answered(socket, { timeoutSeconds }, begin) {
  return new Promise((resolve, reject) => {
    const fail = (error) => {
      done();
      socket.destroy();
      reject(error);
    };
    const ended = () => fail(new Error("the directory closed the connection"));
    const late = setTimeout(
      () => fail(new Error(`the directory did not answer within ${String(timeoutSeconds)} s`)),
      timeoutSeconds * 1000,
    );
    const done = () => {
      clearTimeout(late);
      socket.off("error", fail);
      socket.off("close", ended);
    };
    socket.on("error", fail);
    socket.on("close", ended);
    begin((value) => {
      done();
      // An error of a socket that nobody waits for must not end the process.
      socket.on("error", () => undefined);
      resolve(value);
    }, fail);
  });
}

function bindRequest(dn, password) {
  const content = [integer(3), tagged(0x04, Buffer.from(dn)), tagged(0x80, Buffer.from(password))];
  return tagged(0x60, Buffer.concat(content));
}

function startTlsRequest() {
  return tagged(0x77, tagged(0x80, Buffer.from(START_TLS)));
}

function integer(value) {
  return Buffer.from([0x02, 0x01, value]);
}

/** Tag, length and content (X.690, 8.1). */
function tagged(tag, content) {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [length] : length < 0x10000 ? [length >> 8, length & 0xff] : undefined;
  if (bytes === undefined) throw new Error("name or password is too long");
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), content]);
}

/** Of the LDAPResult in a message; undefined while it is not complete. */
function resultCode(bytes) {
  if (bytes.length > LONGEST_ANSWER) throw new Error("the answer is longer than a directory's");
  const message = element(bytes, 0);
  if (message === undefined) return undefined;
  const id = element(message.content, 0);
  const operation = element(message.content, id?.end ?? 0);
  const code = operation === undefined ? undefined : element(operation.content, 0);
  if (message.tag !== 0x30 || code?.tag !== 0x0a) throw new Error("the answer is none of a directory");
  return code.content.readUIntBE(0, code.content.length);
}

function element(bytes, start) {
  const first = bytes[start + 1];
  if (first === undefined) return undefined;
  const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
  if (sizeBytes > 4) throw new Error("the answer is none of a directory");
  const from = start + 2 + sizeBytes;
  if (bytes.length < from) return undefined;
  const size = sizeBytes === 0 ? first : bytes.readUIntBE(start + 2, sizeBytes);
  const end = from + size;
  if (bytes.length < end) return undefined;
  return { tag: bytes[start], content: bytes.subarray(from, end), end };
}

module.exports = { passwordIsRight, escaped };
