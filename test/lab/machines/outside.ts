/** Servers and clients outside the test machines, in the network namespace of their lab. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import type { Listener } from "./backend";
import { host } from "./host";
import type { MachineNetwork } from "./network";

runs("curl", "openssl");

export class Outside {
  private readonly undo = new Undo();

  constructor(private readonly network: MachineNetwork) {}

  /** Answers until the end. */
  serve(listeners: readonly Listener[]): void {
    const program = [process.execPath, "--import", "tsx", join(__dirname, "backend.ts")];
    const [command, ...enter] = this.network.enter;
    const args = [...enter, ...program, JSON.stringify(listeners)];
    const child = spawn(command, args, { stdio: "ignore" });
    this.undo.later(() => child.kill("SIGKILL"));
  }

  /** What a client at an address gets, or undefined when nothing answers in time. */
  async get(from: string, url: string, seconds = 2): Promise<string | undefined> {
    const limit = ["--max-time", String(seconds)];
    const argv = ["curl", "--silent", "--insecure", "--interface", from, ...limit, url];
    const { code, stdout } = await this.network.outside(argv);
    return code === 0 ? stdout : undefined;
  }

  /** Whether a port takes connections from an address. */
  async connects(from: string, address: string, port: number): Promise<boolean> {
    const limits = ["--connect-timeout", "2", "--max-time", "3"];
    const printed = ["--silent", "--output", "/dev/null", "--write-out", "%{time_connect}"];
    const url = `telnet://${address}:${String(port)}`;
    const { stdout } = await this.network.outside(["curl", "--interface", from, ...limits, ...printed, url]);
    return Number.parseFloat(stdout) > 0;
  }

  close(): Promise<void> {
    return this.undo.close();
  }
}

/** A self-signed certificate for a server that nobody has to believe. */
export async function selfSigned(name: string): Promise<NonNullable<Listener["tls"]>> {
  return Undo.within((undo) => selfSignedIn(undo.folder("certificate"), name));
}

async function selfSignedIn(folder: string, name: string): Promise<NonNullable<Listener["tls"]>> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const request = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
  ];
  await host([...request, "-days", "2", "-subj", `/CN=${name}`, "-keyout", key, "-out", cert]);
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}
