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
