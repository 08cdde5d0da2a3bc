/**
 * When each user's pod was last used through the gateway. The times are in memory: after a restart of the gateway every
 * running pod counts as used at that moment, so a restart makes pods run longer, never shorter.
 */
"use strict";

class Activity {
  /** @param now clock in milliseconds */
  constructor(now = Date.now) {
    this.now = now;
    this.last = new Map();
  }

  touch(uid) {
    this.last.set(uid, this.now());
  }

  /** Milliseconds since the last use; a pod that was not known counts as used now. */
  idle(uid) {
    const last = this.last.get(uid);
    if (last !== undefined) return this.now() - last;
    this.touch(uid);
    return 0;
  }

  /** Pods that are no longer there; a later start counts as a new use. */
  keepOnly(uids) {
    for (const uid of this.last.keys()) if (!uids.has(uid)) this.last.delete(uid);
  }
}

/** Frames that a program sends by itself: ping and pong (RFC 6455, 5.5). */
const CONTROL = 0x8;

/**
 * Calls `used` for each frame with data or text in the bytes that a browser sends over a WebSocket, so that pings of a tab
 * that nobody looks at do not count.
 * @returns a function that takes the bytes as they arrive
 */
function webSocketUse(used) {
  /** Bytes of a frame's head so far, then how many of its content are still to come. */
  let head = [];
  let left = 0;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (left > 0) {
        const skipped = Math.min(left, bytes.length - at);
        left -= skipped;
        at += skipped;
        continue;
      }
      head.push(bytes[at]);
      at += 1;
      const size = contentSize(head);
      if (size === undefined) continue;
      if ((head[0] & 0x0f) < CONTROL) used();
      head = [];
      left = size;
    }
  };
}

/** Undefined while the head is not complete: 2 bytes, the longer forms of the size, and the mask. */
function contentSize(head) {
  if (head.length < 2) return undefined;
  const short = head[1] & 0x7f;
  const sizeBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskBytes = (head[1] & 0x80) === 0 ? 0 : 4;
  if (head.length < 2 + sizeBytes + maskBytes) return undefined;
  if (sizeBytes === 0) return short;
  return head.slice(2, 2 + sizeBytes).reduce((size, byte) => size * 256 + byte, 0);
}

module.exports = { Activity, webSocketUse };
