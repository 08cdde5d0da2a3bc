/** MK: three zones, boot volumes, gateways with keepalived, WireGuard, a test window. */
import { exampleSuite } from "./example-suite";
import { MANAGED_KUBERNETES } from "./harness";

exampleSuite(MANAGED_KUBERNETES);
