import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Answer, Verbs } from "./instance.ts";

/** The other side of `instance.ts`: begins instances, asks them, ends them at once. */

const program = join(import.meta.dirname, "instance.ts");

type Input<Verb extends keyof Verbs> = Parameters<Verbs[Verb]>[1];
type Result<Verb extends keyof Verbs> = Awaited<ReturnType<Verbs[Verb]>>;

/** What was asked for was refused, with the reason. */
export class Refused extends Error {
  override name = "Refused";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Nobody answered: it may have been done or not. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
}

export class Instance {
  readonly #child: ChildProcess;
  readonly #port: Promise<number>;
  readonly #ended: Promise<unknown>;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [program], {
      env: environment,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#ended = once(this.#child, "exit");
    const early = this.#ended.then(() => Promise.reject(new NoAnswer("The instance has ended.")));
    this.#port = Promise.race([once(this.#child, "message").then(([port]) => Number(port)), early]);
    this.#port.catch(() => {});
  }

  async ask<Verb extends keyof Verbs>(verb: Verb, user: string, input?: Input<Verb>): Promise<Result<Verb>> {
    const answer = await this.#post(JSON.stringify({ verb, user, input }));
    if (!answer.ok) throw new Refused(answer.code, `${verb}: ${answer.message}`);
    return answer.value as Result<Verb>;
  }

  async #post(body: string): Promise<Answer> {
    try {
      const response = await fetch(`http://127.0.0.1:${await this.#port}/`, { method: "POST", body });
      return (await response.json()) as Answer;
    } catch (error) {
      throw new NoAnswer("The instance did not answer.", { cause: error });
    }
  }

  /** The stream of a run after event number `last`, for this person. */
  async watch(user: string, run: string, last: number): Promise<Response> {
    const headers = { user, "last-event-id": String(last) };
    return fetch(`http://127.0.0.1:${await this.#port}/api/runs/${run}/events`, { headers });
  }

  /** Ends it as a crash does: nothing that it was about to do is done. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
