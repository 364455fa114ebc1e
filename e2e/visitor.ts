import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { addressOf } from "./doors.ts";

/** Somebody who sends what they like to the server, without a browser and its manners. */

const outcomes = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) }),
]);
export type Outcome = z.output<typeof outcomes>;

export interface Answer {
  status: number;
  /** Where it leads to, for a redirect. */
  location: string | null;
  text: string;
  /** What the server gave to keep, as a browser sends it back. */
  cookies: string;
}

export interface ActionAnswer extends Answer {
  outcome: Outcome | undefined;
}

export interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Of a stream that does not end by itself only the beginning is read. */
  endless?: true;
}

export class Visitor {
  readonly #url: string;
  readonly #cookies: string;

  /** Without cookies nobody is signed in. */
  constructor(url: string, cookies = "") {
    this.#url = url;
    this.#cookies = cookies;
  }

  /** The same visitor with more cookies. */
  with(cookies: string): Visitor {
    return new Visitor(this.#url, `${this.#cookies}; ${cookies}`);
  }

  /** Any request; a body that is not a string or a form is sent as JSON. */
  async ask(path: string, sent: Sent = {}): Promise<Answer> {
    const response = await this.#fetch(path, sent);
    return {
      status: response.status,
      location: response.headers.get("location") ?? response.headers.get("x-action-redirect"),
      text: sent.endless ? await new Line(response).until(/./) : await response.text(),
      cookies: response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";")[0])
        .join("; "),
    };
  }

  /** A stream that stays open. */
  async listen(path: string): Promise<Line> {
    return new Line(await this.#fetch(path, {}));
  }

  #fetch(path: string, { method = "GET", body, headers }: Sent): Promise<Response> {
    const plain = body === undefined || typeof body === "string" || body instanceof FormData;
    return fetch(`${this.#url}${path}`, {
      method,
      redirect: "manual",
      headers: { cookie: this.#cookies, ...(plain ? {} : { "content-type": "application/json" }), ...headers },
      body: plain ? body : JSON.stringify(body),
    });
  }

  /** A page as the browser opens it. */
  open(path: string): Promise<Answer> {
    return this.ask(path, { headers: { accept: "text/html", "sec-fetch-dest": "document" } });
  }

  /** The data of a page, as the browser asks for it when a link is followed. */
  async follow(path: string): Promise<Answer> {
    const first = await this.ask(path, { headers: { rsc: "1" } });
    const elsewhere = first.location?.includes("_rsc") ? first.location : undefined;
    return elsewhere ? this.ask(elsewhere, { headers: { rsc: "1" } }) : first;
  }

  /** A server action with one plain argument. */
  call(name: string, input: unknown, headers: Record<string, string> = {}): Promise<ActionAnswer> {
    return this.send(name, JSON.stringify([input]), { "content-type": "text/plain;charset=UTF-8", ...headers });
  }

  /** A server action of a form. */
  submit(name: string, fields: Record<string, string>): Promise<ActionAnswer> {
    const body = new FormData();
    for (const [field, value] of Object.entries(fields)) body.append(`1_${field}`, value);
    // The arguments come last, as in a browser: they refer to the fields before them.
    body.append("0", JSON.stringify([{ error: null, name: "", email: "" }, "$K1"]));
    return this.send(name, body);
  }

  /** A server action with a body of any form. */
  async send(name: string, body: string | FormData, headers: Record<string, string> = {}): Promise<ActionAnswer> {
    const { id, page } = actionNamed(name);
    const action = { "next-action": id, accept: "text/x-component" };
    const answer = await this.ask(page, { method: "POST", body, headers: { ...action, ...headers } });
    return { ...answer, outcome: outcomeIn(answer.text) };
  }
}

/** An open stream, as far as it was read. */
export class Line {
  readonly #reader: ReadableStreamDefaultReader<string> | undefined;
  #text = "";

  constructor(response: Response) {
    this.#reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** All that was said by the time that something fits, or by the end. */
  async read(until: RegExp): Promise<string> {
    while (!until.test(this.#text)) {
      const next = await this.#reader?.read();
      if (!next || next.done) break;
      this.#text += next.value;
    }
    return this.#text;
  }

  /** The same, and hangs up. */
  async until(pattern: RegExp): Promise<string> {
    const text = await this.read(pattern);
    await this.#reader?.cancel();
    return text;
  }
}

const manifests = z.object({
  node: z.record(z.string(), z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) })),
});
const manifest = join(import.meta.dirname, "..", ".next", "server", "server-reference-manifest.json");

interface BuiltAction {
  id: string;
  /** A page that uses it: where a browser sends it to. */
  page: string;
}

let built: Map<string, BuiltAction> | undefined;

/** The actions that the built product answers to, by their names. */
export function builtActions(): Map<string, BuiltAction> {
  if (!built) {
    const { node } = manifests.parse(JSON.parse(readFileSync(manifest, "utf8")));
    built = new Map(
      Object.entries(node).map(([id, { exportedName, workers }]) => {
        const files = Object.keys(workers).filter((file) => !file.includes("["));
        return [exportedName, { id, page: addressOf(`${files[0]}.tsx`) }];
      }),
    );
  }
  return built;
}

function actionNamed(name: string): BuiltAction {
  const action = builtActions().get(name);
  if (!action) throw new Error(`The build has no action ${name}.`);
  return action;
}

/** The answer is made of rows, "ID:JSON"; the first one says in which row the action's result is. */
function outcomeIn(text: string): Outcome | undefined {
  const row = /^0:\{"a":"\$@(\w+)"/m.exec(text)?.[1];
  const start = text.lastIndexOf(`${row}:{"ok":`);
  const json = text.slice(start).split("\n", 1)[0]?.slice(`${row}:`.length);
  return json && start >= 0 ? outcomes.safeParse(JSON.parse(json)).data : undefined;
}
