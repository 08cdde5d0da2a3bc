/** Asks the API again and again, and knows how long it was away. */
import { setTimeout as pause } from "node:timers/promises";
import type { TestCluster } from "./cluster";

export class Watch {
  private readonly answers: number[] = [Date.now()];
  private readonly done: Promise<void>;
  private going = true;

  /** @param ask true for an answer */
  constructor(private readonly ask: () => Promise<boolean>) {
    this.done = this.run();
  }

  /** Writes to the cluster: what reads may be served from memory. */
  static writes(cluster: TestCluster): Watch {
    let count = 0;
    return new Watch(async () => {
      count += 1;
      const change = ["annotate", "--overwrite", "namespace", "default", `lab.local/count=${String(count)}`];
      return (await cluster.kubectl(["--request-timeout=3s", ...change])).code === 0;
    });
  }

  private async run(): Promise<void> {
    while (this.going) {
      if (await this.ask()) this.answers.push(Date.now());
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
