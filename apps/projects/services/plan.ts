/** A service that people bring themselves, as its chart needs it. */
import { accessOf, type StackAccess } from "../stacks/access";
import type { StackPlace, StackRoute } from "../stacks/plan";
import type { ServiceConfig } from "./configuration";

export interface ServicePlan {
  /** As the configuration names it. */
  readonly name: string;
  /** Value of the label of its pods. */
  readonly objectName: string;
  readonly port: number;
  readonly route: StackRoute;
  readonly access: StackAccess;
}

/** Pods of the namespace whose label `app.kubernetes.io/name` has this value are the service. */
export function serviceName(name: string): string {
  return `service-${name}`;
}

export function planService({ port, public: open }: ServiceConfig, place: StackPlace): ServicePlan {
  return {
    name: place.name,
    objectName: serviceName(place.name),
    port,
    route: { host: place.ownHost, path: "/", stripPath: false },
    access: accessOf(open, place),
  };
}
