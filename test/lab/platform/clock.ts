/** A time server (RFC 5905) that tells this host's time: machines ask it as they would ask their provider's. */
import { createSocket, type Socket } from "node:dgram";

const PORT = 123;
const LENGTH = 48;
/** Seconds from 1900, where NTP begins to count, to 1970. */
const EPOCH = 2_208_988_800;

/** Serves every address of this process's network, until it is closed. */
export function serveTime(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (request, { port, address }) => {
    if (request.length >= LENGTH) socket.send(answerTo(request), port, address);
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(PORT, () => resolve(socket));
  });
}

function answerTo(request: Buffer): Buffer {
  const answer = Buffer.alloc(LENGTH);
  // Version 4, server; stratum 1; the request's poll; a precision of a millisecond.
  answer.writeUInt8(0b00_100_100, 0);
  answer.writeUInt8(1, 1);
  answer.writeUInt8(request.readUInt8(2), 2);
  answer.writeInt8(-10, 3);
  answer.write("LOCL", 12, "ascii");
  writeTime(answer, 16);
  request.copy(answer, 24, 40, LENGTH);
  writeTime(answer, 32);
  writeTime(answer, 40);
  return answer;
}

function writeTime(packet: Buffer, offset: number): void {
  const milliseconds = performance.timeOrigin + performance.now();
  const seconds = Math.floor(milliseconds / 1000);
  packet.writeUInt32BE((seconds + EPOCH) % 2 ** 32, offset);
  packet.writeUInt32BE(Math.floor((milliseconds / 1000 - seconds) * 2 ** 32), offset + 4);
}
