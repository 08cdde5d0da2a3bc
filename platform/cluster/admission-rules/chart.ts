/**
 * Admission policies of one cluster: for each environment, what its Services, pods, Ingresses and routes may be. RBAC
 * decides who may write them, these decide what; they hold for people with kubectl as for programs.
 */
import { Chart, type App } from "cdk8s";
import { Construct } from "constructs";
import type { EnvironmentRulesPlan, Rule, RulesPlan } from "../../../environment/plan/types";
import {
  AdmissionPolicy,
  isNew,
  Naming,
  type AdmissionPolicyProps,
  type PolicyNamespaces,
} from "../../../kit";
import { GATEWAY_ROUTES, gatewayRules, ingressRules, traefikRules } from "./hosts";
import { imageRules, imageVariables, limitRules, UNLIMITED } from "./pods";
import { givenNodePortRules, NODE_PORTS, serviceRules } from "./services";

/** The rules, and the environment that makes them. */
export interface AdmissionRulesProps extends RulesPlan {
  readonly environment: string;
}

/** What a policy is about; where it applies follows from the rule. */
type PolicyContent = Pick<AdmissionPolicyProps, "resources" | "conditions" | "variables" | "rules">;

const NEW_SPEC = { changed: isNew(["spec"]) };
/** A subresource of a pod is asked for to change it. */
const NEW_POD = { changed: `has(request.subResource) && request.subResource != '' || ${isNew(["spec"])}` };

/** Traefik's own API groups, of version 3 and of version 2. */
const TRAEFIK_GROUPS = ["traefik.io", "traefik.containo.us"];

export class AdmissionRulesChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AdmissionRulesProps,
  ) {
    super(scope, id);
    this.policy(this, "node-ports", "services", this.others(), {
      resources: [{ group: "", resources: ["services"] }],
      conditions: NEW_SPEC,
      variables: [NODE_PORTS],
      rules: givenNodePortRules(props),
    });
    for (const each of props.environments) this.environment(new Construct(this, each.environment), each);
  }

  private environment(scope: Construct, plan: EnvironmentRulesPlan): void {
    const { environment, namespaces } = plan;
    const place: PolicyNamespaces =
      namespaces.kind === "named" ? namespaces : { kind: "labelled", environment };
    const add = (name: string, rule: Rule, content: PolicyContent): void =>
      this.policy(scope, `${name}-${environment}`, rule, place, content);
    add("services", "services", {
      resources: [{ group: "", resources: ["services"] }],
      conditions: NEW_SPEC,
      variables: [NODE_PORTS],
      rules: serviceRules(plan, this.props),
    });
    add("limits", "limits", {
      resources: [{ group: "", resources: ["pods", "pods/ephemeralcontainers", "pods/resize"] }],
      conditions: NEW_POD,
      variables: [UNLIMITED],
      rules: limitRules(environment),
    });
    if (plan.images.kind === "listed")
      add("images", "images", {
        resources: [{ group: "", resources: ["pods", "pods/ephemeralcontainers"] }],
        conditions: NEW_POD,
        variables: imageVariables(plan.images.sources),
        rules: imageRules(environment, this.imageSetting(plan)),
      });
    add("ingresses", "hosts", {
      resources: [{ group: "networking.k8s.io", resources: ["ingresses"] }],
      conditions: { changed: isNew(["spec", "metadata.annotations"]) },
      rules: ingressRules(plan),
    });
    add("gateway-routes", "hosts", {
      resources: [
        { group: "gateway.networking.k8s.io", resources: ["gateways", ...Object.values(GATEWAY_ROUTES)] },
      ],
      conditions: NEW_SPEC,
      rules: gatewayRules(plan),
    });
    add("traefik-routes", "hosts", {
      resources: TRAEFIK_GROUPS.map((group) => ({ group, resources: ["ingressroutes", "ingressroutetcps"] })),
      conditions: NEW_SPEC,
      rules: traefikRules(plan),
    });
  }

  /** Namespaces of no environment, in which the rules of none apply. */
  private others(): PolicyNamespaces {
    const named = this.props.environments.flatMap(({ namespaces }) =>
      namespaces.kind === "named" ? namespaces.names : [],
    );
    return { kind: "others", names: named };
  }

  private imageSetting({ environment, namespaces }: EnvironmentRulesPlan): string {
    const setting = namespaces.kind === "named" ? `tenants.${environment}.images` : "rules.images.from";
    return `${setting} of ${this.props.environment}`;
  }

  private policy(
    scope: Construct,
    name: string,
    rule: Rule,
    namespaces: PolicyNamespaces,
    content: PolicyContent,
  ): void {
    const { environment, exceptions } = this.props;
    new AdmissionPolicy(scope, name, {
      ...new Naming("labstead", environment).identity(`labstead-${name}`, "rules"),
      namespaces,
      except: exceptions.filter(({ allow }) => allow.includes(rule)),
      ...content,
    });
  }
}

export function admissionRulesCharts(scope: App, plan: AdmissionRulesProps): void {
  new AdmissionRulesChart(scope, "rules", plan);
}
