/** The login of a command that reads a cloud: that of OS_CLOUD, or of the other variables of OpenStack's clients. */
import { loginOf } from "../../openstack-api/clouds";
import { Session } from "../../openstack-api/session";
import { reasonOf, UserError } from "./failure";

/** @throws UserError if no login is configured */
export function cloudSession(): Session {
  try {
    return new Session(loginOf({}));
  } catch (error) {
    throw new UserError(`nobody can be logged in to a cloud: ${reasonOf(error)}; set OS_CLOUD`);
  }
}
