/** Tags of container images, as a configuration may name them. */
import { z } from "zod";

/** Tags that mean another image tomorrow. */
const MOVING_TAGS: readonly string[] = ["latest", "stable", "edge", "main", "master"];

/** Whether a tag always means the same image, as far as its name says. */
export function isFixedTag(tag: string): boolean {
  return TAG.test(tag) && !MOVING_TAGS.includes(tag);
}

/** Source of the pattern: the OCI distribution specification. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** A tag in place of the pinned one. */
export const imageTag = z
  .string()
  .regex(TAG, "is not an image tag; use up to 128 letters, digits and the characters _ . -")
  .refine(
    (tag) => !MOVING_TAGS.includes(tag),
    "is a tag that moves, so a restart could bring another program; name one version, such as 1.2.3",
  );

/** An image that a person chooses, in the words of zero-to-jupyterhub and other charts: name and tag. */
export const chosenImage = z.strictObject({
  name: z
    .string()
    .regex(
      /^(?=.{1,255}$)[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      "is not the name of an image; write it without its tag, such as quay.io/jupyter/base-notebook",
    ),
  tag: imageTag,
});
