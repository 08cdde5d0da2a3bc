/** Name of the Service by which Traefik passes requests to ingress-nginx, while hosts move from one to the other. */
export const PASSED_SERVICE = "ingress-nginx-passed";
