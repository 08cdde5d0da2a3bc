/** Entry of the built-in cloud's process: the cloud's own packages, and this repository's provider. */
import { serveCloud } from "../../rehearsal/serve-cloud";
import { rehearsedLabstead } from "./labstead-package";

serveCloud([({ clusters }) => ({ handler: rehearsedLabstead(clusters), close: () => undefined })]);
