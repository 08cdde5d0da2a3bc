/** Asks the API again and again, and knows how long it was away. */
import { setTimeout as pause } from "node:timers/promises";
import type { TestCluster } from "./cluster";

export class Watch {
  private readonly answers: number[] = [Date.now()];
  private readonly done: Promise<void>;
  private readonly asked: { readonly at: number; readonly words: string }[] = [];
  private going = true;

  /** @param ask empty for an answer, else why there was none */
  constructor(private readonly ask: () => Promise<string>) {
    this.done = this.run();
  }

  /** Writes to the cluster: what reads may be served from memory. */
  static writes(cluster: TestCluster): Watch {
    let count = 0;
    return new Watch(async () => {
      count += 1;
      const change = ["annotate", "--overwrite", "namespace", "default", `lab.local/count=${String(count)}`];
      const { code, stderr } = await cluster.kubectl(["--request-timeout=3s", ...change]);
      return code === 0 ? "" : stderr.trim().slice(-80);
    });
  }

  /** When it was answered, and when not: seconds since the first question. */
  story(): string {
    return this.asked
      .map(({ at, words }) => `${((at - (this.answers[0] ?? at)) / 1000).toFixed(1)} ${words}`)
      .join(", ");
  }

  private async run(): Promise<void> {
    while (this.going) {
      const words = await this.ask();
      if (words === "") this.answers.push(Date.now());
      this.asked.push({ at: Date.now(), words });
      await pause(200);
    }
  }

  /** Ends it. @returns the longest time without an answer, in seconds */
  async longestGap(): Promise<number> {
    this.going = false;
    await this.done;
    const times = [...this.answers, Date.now()];
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time))) / 1000;
  }
}
