/** MachineFiles, for programs. */
import * as pulumi from "@pulumi/pulumi";

import { MACHINE_FILES } from "./token";

/** Where an SSH server listens, who logs in, and what the server must show. */
export interface SshEndpointArgs {
  readonly host: pulumi.Input<string>;
  /** @default 22 */
  readonly port?: pulumi.Input<number>;
  /** Root, or a user with sudo without a password; on a bastion one who may forward. */
  readonly user: pulumi.Input<string>;
  /** `privateKeyOpenssh` of a tls.PrivateKey. Secret; a renewed one changes nothing. */
  readonly privateKey: pulumi.Input<string>;
  /** The server's own public key, `ssh-ed25519 AAAA…`: another one is never talked to. */
  readonly hostKey: pulumi.Input<string>;
}

/** Whether a server is reached directly or through a bastion. */
export type ViaArgs =
  | { readonly kind: "direct" }
  | ({ readonly kind: "bastion" } & SshEndpointArgs)
  /** `socks5://127.0.0.1:1080`, as `ssh -D` offers it. */
  | { readonly kind: "socks"; readonly url: string };

/** A machine, and the way to it; one that another stack hands out is secret as a whole. */
export type ConnectionArgs = SshEndpointArgs & {
  readonly via: ViaArgs | pulumi.Output<pulumi.Unwrap<ViaArgs>>;
};

/** One file, and what reads it. */
export interface MachineFileArgs {
  /** Secret, whether it is given as such or not: neither state nor log ever holds it. */
  readonly content: pulumi.Input<string>;
  /** `user:group` */
  readonly owner: string;
  /** Four octal digits, such as `0644`. */
  readonly mode: string;
  /** Program and arguments that accept the file before it replaces the old one; `{}` is the candidate's path. @default none */
  readonly validate?: readonly string[];
  /** What happens after the file has changed. @default nothing */
  readonly apply?:
    | { readonly kind: "none" }
    /** Keeps connections where the unit can reload; a unit that does not run is left alone. */
    | { readonly kind: "reload"; readonly unit: string }
    | { readonly kind: "restart"; readonly unit: string };
}

/** All files that are pushed to one server. */
export interface MachineFilesArgs {
  /** Key of the server, as errors name it; another one is another resource. */
  readonly server: string;
  /** Id in Nova: a server made anew has none of the files, so it gets all of them. */
  readonly machine: pulumi.Input<string>;
  readonly connection: ConnectionArgs;
  /**
   * One machine of a group at a time; after a failure no other of the group is touched in that run. Which one is first,
   * `dependsOn` says. @default no group
   */
  readonly group?: string;
  /** Keys the hashes that state holds: secret, 16 characters or more, one for the whole stack and for ever. */
  readonly salt: pulumi.Input<string>;
  /** A program that ends when the machine is ready to take files, such as `cloud-init status --wait`. @default none */
  readonly awaits?: readonly string[];
  /** By absolute path. One that leaves this map leaves the machine. */
  readonly files: Readonly<Record<string, MachineFileArgs>>;
  /** Units that wait for files: they start, in this order, when all files have come. @default none */
  readonly units?: readonly { readonly name: string; readonly needs: readonly string[] }[];
  /** Run on the machine after units have been reloaded; one that fails brings the old files back. @default none */
  readonly checks?: readonly {
    readonly name: string;
    readonly run: readonly string[];
    readonly timeoutSeconds: number;
  }[];
  /** Texts that no message of the machine may show, though its validators may quote them. @default none */
  readonly mask?: readonly pulumi.Input<string>[];
  /** Seconds that the machine may take to boot and to answer; `customTimeouts` of the resource win. @default 600 */
  readonly timeoutSeconds?: number;
}

/**
 * The files of one server that come after it has booted: pushed over SSH, accepted by their validators on the machine,
 * replaced all or none, taken back if a unit or a check fails. A refresh finds what was changed by hand, file by file.
 * Deleting it leaves the files where they are: they go with their server.
 */
export class MachineFiles extends pulumi.CustomResource {
  /** What stands on the machine: owner, mode and keyed hash by path. */
  declare readonly files: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: MachineFilesArgs, options: pulumi.CustomResourceOptions = {}) {
    super(MACHINE_FILES, name, sealed(args), options);
  }
}

/** The inputs with everything secret marked so, before the engine sees it. */
function sealed(args: MachineFilesArgs): pulumi.Inputs {
  const { connection, files, mask = [] } = args;
  const contents = Object.entries(files).map(([path, file]) => [
    path,
    { ...file, content: pulumi.secret(file.content) },
  ]);
  return {
    ...args,
    salt: pulumi.secret(args.salt),
    connection: sealedConnection(connection),
    files: Object.fromEntries(contents) as pulumi.Inputs,
    mask: mask.map((text) => pulumi.secret(text)),
  };
}

/** A connection with its keys marked as secrets, before the engine sees them. */
export function sealedConnection(connection: ConnectionArgs): pulumi.Inputs {
  const { via } = connection;
  return {
    ...withSecretKey(connection),
    via: pulumi.Output.isInstance(via) ? pulumi.secret(via) : sealedVia(via),
  };
}

function sealedVia(via: ViaArgs): ViaArgs {
  return via.kind === "bastion" ? withSecretKey(via) : via;
}

function withSecretKey<Endpoint extends SshEndpointArgs>(endpoint: Endpoint): Endpoint {
  return { ...endpoint, privateKey: pulumi.secret(endpoint.privateKey) };
}
