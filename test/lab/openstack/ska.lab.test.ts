/** SKA: servers and volumes by application, boot volumes, two Octavia balancers. */
import { exampleSuite } from "./example-suite";
import { SKA } from "./harness";

exampleSuite(SKA);
