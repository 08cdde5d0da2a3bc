/** The `labstead` command. Each command loads what it needs, so that a plan does not wait for an engine. */
import { Command } from "commander";
import { addAdopt } from "./adopt/command";
import { addCheck } from "./check/command";
import { addClientConfig } from "./client-config/command";
import { addCost } from "./cost/command";
import { addDiagram } from "./diagram/command";
import { addDoctor } from "./doctor/command";
import { addDrift } from "./drift/command";
import { addEngineCommands } from "./engine/command";
import { addFence } from "./fence/command";
import { addHubs } from "./hubs/command";
import { addNew } from "./new/command";
import { addPlan } from "./plan/command";
import { addRecover } from "./recover/command";
import { addRehearse } from "./rehearse/command";
import { addReport } from "./report/command";
import { addRotate } from "./rotate/command";
import { runToEnd } from "./shared/failure";
import { guardOutputs } from "./shared/output";
import { addSeats } from "./seats/command";
import { addState } from "./state/command";
import { addTunnel } from "./tunnel/command";
import { addUsers } from "./users/command";
import { addVerify } from "./verify/command";

const program = new Command("labstead").description(
  "Research data labs on OpenStack, as one typed Pulumi and CDK8s program.",
);

addNew(program);
addAdopt(program);
addPlan(program);
addCheck(program);
addCost(program);
addDiagram(program);
addReport(program);
addDoctor(program);
addDrift(program);
addRehearse(program);
addRecover(program);
addFence(program);
addRotate(program);
addClientConfig(program);
addTunnel(program);
addUsers(program);
addHubs(program);
addVerify(program);
addSeats(program);
addState(program);
addEngineCommands(program);

guardOutputs();
runToEnd(() => program.parseAsync());
