/** A client of OpenStack's REST APIs: clouds.yaml and the OS_ variables, a session with every service, waiting. */
export { loginOf, type Auth, type CloudChoice, type CloudLogin, type Named } from "../openstack-api/clouds";
export { isStatus, orGone, ServiceError } from "../openstack-api/service-error";
export { Session, type Call, type Reply, type Service } from "../openstack-api/session";
export { until, whenFree } from "../openstack-api/wait";
