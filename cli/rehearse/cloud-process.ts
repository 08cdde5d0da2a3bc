/** Entry of the built-in cloud's process: the cloud's own packages, and this repository's provider. */
import { serveCloud } from "../../rehearsal/serve-cloud";
import { deletesDataByEnvironment, skipsDrainByEnvironment } from "../../provider/labstead";
import { rehearsedLabstead } from "./labstead-package";

const options = { deletesData: deletesDataByEnvironment(), skipDrain: skipsDrainByEnvironment() };
serveCloud([
  ({ clusters, openstack }) => ({
    handler: rehearsedLabstead(clusters, { ...options, openstack }),
    close: () => undefined,
  }),
]);
