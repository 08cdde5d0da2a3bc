/** The inputs of ClusterReady: their rules and meaning. */
import { isMap, reveal } from "../../provider-protocol";
import type { PropertyMap } from "../../provider-protocol";
import { kubeconfigRule, optionalSeconds, optionalText, text, apiRouteRule } from "../inputs";
import type { InputRules } from "../inputs";
import { parseKubeconfig } from "../kubernetes-api/kubeconfig";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import { API_ROUTES } from "../kubernetes-api/api-route";
import type { ApiRoute } from "../kubernetes-api/api-route";

/** Seconds that a new cluster may take: servers boot, images are pulled, kubeadm runs. */
export const DEFAULT_TIMEOUT_SECONDS = 1200;

/** Complete and known inputs. */
export interface GateInputs {
  readonly access: ClusterAccess;
  /** Empty if the program sets none. */
  readonly cluster: string;
  readonly nodes: number;
  readonly timeoutSeconds: number;
  readonly how: ApiRoute;
  /** What the program adds to an error; empty for nothing. */
  readonly hint: string;
}

export const GATE_RULES: InputRules = {
  resource: "ClusterReady",
  known: ["kubeconfig", "cluster", "serverName", "wants", "timeoutSeconds", "how", "hint", "triggers"],
  rules: {
    kubeconfig: kubeconfigRule,
    cluster: optionalText,
    serverName: optionalText,
    hint: optionalText,
    how: apiRouteRule,
    "wants.nodes": (value) =>
      value === null || (typeof value === "number" && Number.isInteger(value) && value >= 0)
        ? undefined
        : "is a whole number of nodes, 0 or more",
    timeoutSeconds: optionalSeconds,
  },
};

/** @throws KubeconfigError if the kubeconfig is not one: checked inputs never do */
export function gateInputs(inputs: PropertyMap): GateInputs {
  const plain = reveal(inputs);
  const access = parseKubeconfig(text(plain["kubeconfig"]));
  const wants = plain["wants"];
  const nodes = isMap(wants) ? wants["nodes"] : undefined;
  const { timeoutSeconds } = plain;
  return {
    access: { ...access, serverName: text(plain["serverName"]) || access.serverName },
    cluster: text(plain["cluster"]),
    nodes: typeof nodes === "number" ? nodes : 0,
    timeoutSeconds: typeof timeoutSeconds === "number" ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS,
    how: API_ROUTES.find((route) => route === plain["how"]) ?? "direct",
    hint: text(plain["hint"]),
  };
}
