/** Holds a tunnel as the command does, until it is interrupted: a process of its own for tests. */
import { reportFailure } from "../../../cli/shared/failure";
import { interrupted } from "../../../cli/shared/interrupted";
import { tunnel, type TunnelEnd } from "../../../cli/tunnel/ssh-tunnel";

const [end = "", port = ""] = process.argv.slice(2);
tunnel(JSON.parse(end) as TunnelEnd, interrupted(), { port: Number(port) }).catch(reportFailure);
