/** MachineFiles, for programs. */
import * as pulumi from "@pulumi/pulumi";

import { sealedConnectionArgs, type ConnectionArgs } from "./connection-args";
import { MACHINE_FILES } from "./token";

/** One file, and what reads it. */
export interface MachineFileArgs {
  /** Always secret, marked or not: neither state nor log ever contains it. */
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
    /** Keeps connections if the unit can reload; a unit that is not running is not changed. */
    | { readonly kind: "reload"; readonly unit: string }
    | { readonly kind: "restart"; readonly unit: string };
}

/** All files that are pushed to one server. */
export interface MachineFilesArgs {
  /** Key of the server, as errors name it; another one is another resource. */
  readonly server: string;
  /** Id in Nova: a recreated server has none of the files, so it gets all of them. */
  readonly machine: pulumi.Input<string>;
  readonly connection: ConnectionArgs;
  /**
   * One machine of a group at a time; after a failure no other of the group is touched in that run. `dependsOn`
   * determines which one is first. @default no group
   */
  readonly group?: string;
  /** Key of the hashes in the state: secret, 16 characters or more, one for the whole stack, permanent. */
  readonly salt: pulumi.Input<string>;
  /** A program that ends when the machine is ready for files, such as `cloud-init status --wait`. @default none */
  readonly awaits?: readonly string[];
  /** By absolute path. A file that is removed from this map is removed from the machine. */
  readonly files: Readonly<Record<string, MachineFileArgs>>;
  /** Units that wait for files: they start, in this order, when all files exist. @default none */
  readonly units?: readonly { readonly name: string; readonly needs: readonly string[] }[];
  /** Run on the machine after units have been reloaded; one that fails restores the old files. @default none */
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
 * The files of one server that are pushed over SSH after it has booted: accepted by their validators on the machine,
 * replaced all or none, rolled back if a unit or a check fails. A refresh finds manual changes, file by file. Deleting
 * the resource does not delete the files: they are deleted with their server.
 */
export class MachineFiles extends pulumi.CustomResource {
  /** The files on the machine: owner, mode and keyed hash by path. */
  declare readonly files: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: MachineFilesArgs, options: pulumi.CustomResourceOptions = {}) {
    super(MACHINE_FILES, name, sealed(args), options);
  }
}

/** The inputs with all secrets marked, before the engine sees them. */
function sealed(args: MachineFilesArgs): pulumi.Inputs {
  const { connection, files, mask = [] } = args;
  const contents = Object.entries(files).map(([path, file]) => [
    path,
    { ...file, content: pulumi.secret(file.content) },
  ]);
  return {
    ...args,
    salt: pulumi.secret(args.salt),
    connection: sealedConnectionArgs(connection),
    files: Object.fromEntries(contents) as pulumi.Inputs,
    mask: mask.map((text) => pulumi.secret(text)),
  };
}
