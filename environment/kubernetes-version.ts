/** The minor of a version of Kubernetes: 36 of `1.36`. */
export function kubernetesMinor(version: string): number {
  return Number(version.split(".")[1]);
}
