import { readFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { encode } from "next-auth/jwt";
import { authSecret, type Person } from "../../e2e/people.ts";

/** Asks the server what a browser asks it, without a browser: the send action, then the run's events. */

// Lets go of an idle connection before the server does, which would look like a failure.
const agent = new Agent({ keepAlive: true, maxSockets: 200, timeout: 3_000 });
const cookieName = "authjs.session-token";

interface ActionManifest {
  node: Record<string, { exportedName?: string; filename?: string }>;
}

/** The id under which the build has published the action `send`. */
export const sendActionId = (): string => actionId("send", "lib/actions/runs.ts");

/** The id under which the build has published an action. */
export function actionId(name: string, file: string): string {
  const path = join(import.meta.dirname, "../../.next/server/server-reference-manifest.json");
  const { node }: ActionManifest = JSON.parse(readFileSync(path, "utf8"));
  const found = Object.entries(node).find(
    ([, { exportedName, filename }]) => exportedName === name && filename?.endsWith(file),
  );
  if (!found) throw new Error(`The build has no action called ${name}.`);
  return found[0];
}

export async function cookieOf(person: Person): Promise<string> {
  const token = { sub: person.id, began: Date.now() };
  return `${cookieName}=${await encode({ token, secret: authSecret, salt: cookieName })}`;
}

interface Asked {
  url: string;
  method?: string;
  headers: Record<string, string>;
  body?: string;
}

export function ask({ url, method = "GET", headers, body }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent }, resolve).on("error", reject).end(body);
  });
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const piece of response) text += piece;
  return text;
}

/** Reads until something matches, tells when, and drains the rest so that the connection can be used again. */
export async function firstMatch(response: IncomingMessage, pattern: RegExp): Promise<number> {
  let text = "";
  let seen = 0;
  response.setEncoding("utf8");
  for await (const piece of response) {
    if (seen > 0) continue;
    text += piece;
    if (pattern.test(text)) seen = performance.now();
  }
  if (seen === 0) throw new Error(`The stream ended without a token: ${text.slice(0, 500)}`);
  return seen;
}

export interface Sent {
  conversation: string;
  branch: string;
  run: string;
}

export const send = (server: string, action: string, cookie: string, input: object): Promise<Sent> =>
  act(server, action, cookie, input);

/** Calls an action as a page would, and answers what it answers. */
export async function act<Value>(server: string, action: string, cookie: string, input: object): Promise<Value> {
  const response = await ask({
    url: `${server}/`,
    method: "POST",
    headers: {
      accept: "text/x-component",
      "content-type": "text/plain;charset=UTF-8",
      "next-action": action,
      origin: server,
      cookie,
    },
    body: JSON.stringify([input]),
  });
  const text = await textOf(response);
  const answer = /^1:(\{.*\})$/m.exec(text)?.[1];
  const outcome: { ok: boolean; value: Value } | undefined = answer && JSON.parse(answer);
  if (!outcome?.ok) throw new Error(`The action answered ${response.statusCode}: ${text.slice(0, 500)}`);
  return outcome.value;
}
