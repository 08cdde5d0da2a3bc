/** Images that parts pin: each in one place, with the lifecycle of its project. */

/** Upstream lifecycle of a project. */
export type Lifecycle = {
  /** Its name in messages: `Weave Net`. */
  readonly what: string;
  /** What to set instead. */
  readonly successor: string;
} & (
  | {
      readonly status: "ended";
      /** Month of the end upstream: `2024-06`. */
      readonly since: string;
    }
  | {
      /** Maintained, but without something that its successor has. */
      readonly status: "limited";
      /** Continues a sentence that begins with `what`: `enforces no NetworkPolicy`. */
      readonly limit: string;
    }
);

/** An image at a fixed tag. */
export interface PinnedImage {
  /** Without a tag: `nerc/datalab-api`. */
  readonly repository: string;
  /** A tag that always identifies the same image. */
  readonly tag: string;
  /** Where its project has ended or is limited. @default maintained */
  readonly lifecycle?: Lifecycle;
}

/** By their purpose in the part. */
export type PinnedImages<Component extends string = string> = Readonly<Record<Component, PinnedImage>>;

/** With its tag: `mongo:4.4.29`. */
export function imageText({ repository, tag }: Pick<PinnedImage, "repository" | "tag">): string {
  return `${repository}:${tag}`;
}

/**
 * The repository of an image with its registry, as a container runtime completes it: `mongo:4.4` is
 * `docker.io/library/mongo`.
 */
export function imageRepository(image: string): string {
  const [untagged = ""] = image.replace(/:[^/:@]*(@|$)/, "$1").split("@");
  const [first = "", ...rest] = untagged.split("/");
  if (rest.length === 0) return `docker.io/library/${untagged}`;
  return /[.:]|^localhost$/.test(first) ? untagged : `docker.io/${untagged}`;
}

/** Images as they are pinned, claimed at the path of the setting that chose them. */
export function claimedImages(images: PinnedImages, path: string): readonly ClaimedImage[] {
  return Object.values(images).map((each) => ({
    path,
    image: imageText(each),
    ...(each.lifecycle === undefined ? {} : { lifecycle: each.lifecycle }),
  }));
}

/** An image that runs, by the configuration. */
export interface ClaimedImage {
  /** In `labstead:environment`: `ingress.kind`. */
  readonly path: string;
  /** With its tag. */
  readonly image: string;
  /** Where its project has ended or is limited. @default maintained */
  readonly lifecycle?: Lifecycle;
}
