/** A policy for each service of the stack; the namespace denies all other traffic. */
import { Construct } from "constructs";
import { FlowPolicy } from "../../kit";
import { ENDPOINT_KEYS, endpointOf, EXPIRY } from "./flows";
import { ENDPOINTS, identityOf } from "./identity";
import type { DatalabProps } from "./props";

export class DatalabPolicies extends Construct {
  constructor(scope: Construct, id: string, props: DatalabProps) {
    super(scope, id);
    for (const key of ENDPOINT_KEYS) {
      const { name } = ENDPOINTS[key];
      new FlowPolicy(this, name, {
        ...identityOf(props, name, "policy"),
        endpoint: endpointOf(key, props.namespace),
        flows: props.flows,
        cluster: props.cluster,
      });
    }
    if (props.unusedNotebooks === undefined) return;
    const { namespace, flows, cluster } = props;
    new FlowPolicy(this, EXPIRY, {
      ...identityOf(props, EXPIRY, "policy"),
      endpoint: { namespace, name: EXPIRY },
      flows,
      cluster,
    });
  }
}
