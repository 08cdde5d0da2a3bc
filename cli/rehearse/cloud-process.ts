/** Entry of the built-in cloud's process: the cloud's own packages, and this repository's provider. */
import { serveCloud } from "../../rehearsal/serve-cloud";
import { deletesDataByEnvironment } from "../../provider/labstead";
import { rehearsedLabstead } from "./labstead-package";

const deletesData = deletesDataByEnvironment();
serveCloud([
  ({ clusters, openstack }) => ({
    handler: rehearsedLabstead(clusters, { deletesData, openstack }),
    close: () => undefined,
  }),
]);
