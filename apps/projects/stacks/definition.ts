/** What a kind of stack is: a row of the table. */
import type { PinnedImage } from "../../../environment/parts/images";
import type { Resources } from "../../../kit/resources";
import type { SecurityException, User } from "../../../kit/security";

/** Image of a kind. */
export type StackImage =
  | { readonly kind: "pinned"; readonly image: PinnedImage }
  /** None can be pinned: the configuration names one. */
  | { readonly kind: "chosen"; readonly why: string };

/**
 * Who may connect to a port.
 * - `page`: the ingress controller, for people who are signed in.
 * - `project`: pods of the project's own namespace.
 * - `compute`: pods that the project's programs have started.
 * - `workers`: the pods of the same cluster.
 */
export type Caller = "page" | "project" | "compute" | "workers";

export interface StackPort {
  readonly port: number;
  /** Last port, of a range. @default the port alone */
  readonly to?: number;
  readonly from: readonly Caller[];
}

/**
 * Where the page answers.
 * - `host`: at a host of its own.
 * - `path`: below `/resource/<project>/<name>`, which the program knows.
 * - `strippedPath`: the same, which the program writes into its pages and does not get in requests.
 */
export type StackAddress = "host" | "path" | "strippedPath";

/** What the program of one stack is given. */
export interface StackContext {
  readonly name: string;
  /** Its address: `/resource/soil/notes`, or `/` at a host of its own. */
  readonly path: string;
  readonly host: string;
  /** Folder of its own below `/data`. */
  readonly folder: string;
  /** The program of a site, in the folder `/notebooks`; undefined: everything there. */
  readonly file: string | undefined;
}

export interface Program {
  /** @default the image's own */
  readonly command?: readonly string[];
  /** @default the image's own */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Configuration files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
}

/** Passwords of a stack, made by the program, one Secret of each stack. */
export interface StackSecret {
  /** Lengths of the values, by the keys of the Secret. */
  readonly values: Readonly<Record<string, number>>;
  /** Environment variables, with the keys that they get. */
  readonly env: Readonly<Record<string, string>>;
  /** A file with values in it. */
  readonly file?: {
    readonly folder: string;
    readonly name: string;
    readonly content: (value: (key: string) => string) => string;
  };
}

/** A kind with a page in the browser. */
export interface WebDefinition {
  /** Its name in texts. */
  readonly title: string;
  readonly image: StackImage;
  readonly user: User;
  /** What the image needs beyond "restricted". @default nothing */
  readonly security?: SecurityException;
  /** By name; the page is `page`. */
  readonly ports: Readonly<Record<"page", StackPort> & Record<string, StackPort>>;
  readonly address: StackAddress;
  readonly resources: Resources;
  /** Empty folders that the program writes to, with their sizes in MiB. */
  readonly scratch: Readonly<Record<string, number>>;
  readonly program: (stack: StackContext) => Program;
  /** A page that answers when the program serves requests; undefined: it listens. */
  readonly health?: (stack: StackContext) => string;
  /** @default none */
  readonly secret?: StackSecret;
  /** Whether a browser's requests must reach the pod that answered the first one. @default false */
  readonly sessions?: true;
  /** File of a site, if the configuration names none; undefined: everything in the folder. */
  readonly file?: string;
  /** Where the files of a site are. @default /notebooks */
  readonly pages?: string;
  /** Where the folder of a notebook is mounted again, for programs with a fixed home. @default nowhere */
  readonly home?: string;
}

/** One of the two programs of a cluster. */
export interface ClusterProgram {
  readonly ports: Readonly<Record<string, StackPort>>;
  /** @param scheduler name of the scheduler's Service @param limitMiB of the container's memory */
  readonly program: (cluster: { readonly scheduler: string; readonly limitMiB: number }) => Program;
}

/** A kind of cluster: a scheduler, and workers whose number follows the load. */
export interface ClusterDefinition {
  readonly title: string;
  readonly image: StackImage;
  readonly user: User;
  readonly scratch: Readonly<Record<string, number>>;
  readonly scheduler: ClusterProgram & { readonly resources: Resources };
  readonly worker: ClusterProgram;
  /** Ports of notebooks to which workers connect. @default none */
  readonly callsBack?: StackPort;
}

/** The group of all files of projects: that of `users` in Jupyter's images, and of DataLabs. */
export const FILES_GROUP = 100;

/** The user of Jupyter's images, and of DataLabs' files. */
export const RESEARCHER: User = { uid: 1000, gid: FILES_GROUP };
