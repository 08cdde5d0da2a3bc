/** Image and resources of a server, as traits of KubeSpawner. */
import type { PythonValue } from "../../../kit/python";
import type { ServerPlan } from "../plan";

export function serverTraits({
  image,
  resources: { request, limit },
  defaultUrl,
}: ServerPlan): Readonly<Record<string, PythonValue>> {
  return {
    image,
    default_url: defaultUrl,
    cpu_guarantee: request.cpuMillis / 1000,
    cpu_limit: limit.cpuMillis / 1000,
    // KubeSpawner reads M and G as powers of 1024, and passes them on as bytes.
    mem_guarantee: `${request.memoryMiB}M`,
    mem_limit: `${limit.memoryMiB}M`,
  };
}
