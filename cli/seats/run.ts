/** `labstead seats`: how many people an environment has room for. */
import { environments } from "../../catalog";
import { stackFile, type EnvironmentPair } from "../../environment/stack-file";
import { lab } from "../../lab";
import { ASSUMPTIONS, seatTables } from "../../review/seats/text";
import { classAnswer, classAssumptions, type ClassQuestion } from "../../review/seats/question";
import { seatReport, type SeatReport } from "../../review/seats/seats";
import { UserError } from "../shared/failure";

export interface SeatOptions {
  readonly file?: string;
  readonly class?: number;
  readonly within?: number;
  readonly nodeMinutes: number;
  readonly json?: true;
}

/** @throws UserError for a question without its second half, and for nodes that nothing describes */
export function runSeats(stack: string, options: SeatOptions): void {
  const question = questionOf(options);
  const report = seatsOf(environments.read(options.file ?? stackFile(process.cwd(), stack)));
  const text = options.json
    ? `${JSON.stringify(seatData(report, question), undefined, 2)}\n`
    : seatTables(report, question);
  process.stdout.write(text);
}

function questionOf({ class: people, within, nodeMinutes }: SeatOptions): ClassQuestion | undefined {
  if (people === undefined && within === undefined) return undefined;
  if (people === undefined || within === undefined)
    throw new UserError("a class has both: how many people, and in which time; write --class 30 --within 10");
  return { people, withinMinutes: within, nodeMinutes };
}

function seatsOf(pair: EnvironmentPair): SeatReport {
  const own = lab(pair);
  if (own.plan.cluster.kind === "existing")
    throw new UserError(
      `${own.plan.environment} is on an existing cluster, whose nodes no file describes; seats are counted where the nodes are planned`,
    );
  return seatReport(own.plan, pair.owner === undefined ? own : lab({ config: pair.owner }));
}

function seatData(report: SeatReport, question: ClassQuestion | undefined): unknown {
  return {
    ...report,
    ...(question === undefined
      ? { assumptions: ASSUMPTIONS }
      : {
          class: { ...question, answers: report.rows.map((row) => classAnswer(row, question)) },
          assumptions: [...ASSUMPTIONS, ...classAssumptions(question)],
        }),
  };
}
