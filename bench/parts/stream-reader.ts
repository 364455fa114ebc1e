import { Agent, request } from "node:http";
import { now, stampsIn } from "./clock.ts";

/** Reads many streams at once, and notes of each token how old it was when it came. */

/** A stream holds its connection; the send action has its own. */
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

export class Readings {
  readonly first: number[] = [];
  readonly ages: number[] = [];
  errors: string[] = [];
  live = 0;
  mostLive = 0;

  /** Notes the tokens of one stream that was asked for at `began`; resolves when it has ended. */
  read(asked: { url: string; method?: string; headers: Record<string, string>; body?: string }, began: number) {
    return new Promise<void>((resolve) => {
      let tokens = 0;
      let begun = false;
      let rest = "";
      const end = (problem?: string) => {
        if (problem || tokens !== expected) this.errors.push(problem ?? `${tokens} tokens came instead of ${expected}`);
        if (begun) this.live -= 1;
        resolve();
      };
      const call = request(asked.url, { method: asked.method ?? "GET", headers: asked.headers, agent }, (response) => {
        response.setEncoding("latin1");
        response.on("data", (text: string) => {
          const cut = text.lastIndexOf("\n") + 1;
          const lines = cut === 0 ? "" : rest + text.slice(0, cut);
          rest = cut === 0 ? rest + text : text.slice(cut);
          // A viewer who has lost events is shown the message anew.
          const anew = lines.lastIndexOf('"type":"start"');
          if (anew !== -1 && tokens > 0) tokens = -stampsIn(lines.slice(0, anew)).length;
          const stamps = stampsIn(lines);
          if (stamps.length === 0) return;
          const arrived = now();
          if (!begun) {
            begun = true;
            this.first.push(arrived - began);
            this.live += 1;
            this.mostLive = Math.max(this.mostLive, this.live);
          }
          tokens += stamps.length;
          for (const stamp of stamps) this.ages.push(arrived - stamp);
        });
        response.on("end", () => end(response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`));
        response.on("error", (error) => end(error.message));
      });
      call.on("error", (error) => end(error.message)).end(asked.body);
    });
  }
}

/** What the model server sends for one answer, and how long that takes it (ms). */
export const expected = 200;
export const ideal = 10_000;
