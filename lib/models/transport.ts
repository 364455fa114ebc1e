import { AsyncLocalStorage } from "node:async_hooks";
import * as http from "node:http";
import * as https from "node:https";
import { StringDecoder } from "node:string_decoder";
import { Condenser } from "./condense.ts";
import type { Hear } from "./said.ts";

/** Who listens to an answer. `stirred` is called for each event of it: its server is still there. */
export interface Listener {
  hear: Hear;
  stirred: () => void;
}

/** A client is one for all that is asked of its server, and has no way of its own to say for whom it asks. */
const listening = new AsyncLocalStorage<Listener>();

/** The events of an answer that is asked for with the first of them, with `listener` told of it. */
export async function* heardBy<Event>(listener: Listener, open: () => AsyncIterable<Event>): AsyncGenerator<Event> {
  const events = open()[Symbol.asyncIterator]();
  try {
    let next = await listening.run(listener, () => events.next());
    for (; !next.done; next = await events.next()) yield next.value;
  } finally {
    await events.return?.();
  }
}

/**
 * A `fetch` for the clients of model servers. Where somebody listens, what the model says is told as it arrives,
 * and the response says it in fewer events. That one is made of `node:http`, whose price for each piece of a stream
 * is half that of the built-in `fetch`; all else is left to the built-in one.
 */
export const listeningFetch: typeof fetch = async (input, init = {}) => {
  const listener = listening.getStore();
  if (!listener || input instanceof Request || (init.body && typeof init.body !== "string")) return fetch(input, init);
  return askAndListen(new URL(input), init, listener);
};

const mostRedirects = 5;

async function askAndListen(url: URL, init: RequestInit, listener: Listener, redirects = 0): Promise<Response> {
  const response = await ask(url, init);
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (location && (status === 307 || status === 308) && redirects < mostRedirects) {
    response.resume();
    const next = new URL(location, url);
    return askAndListen(next, next.origin === url.origin ? init : withoutKey(init), listener, redirects + 1);
  }
  const headers = new Headers();
  for (let place = 0; place < response.rawHeaders.length; place += 2) {
    headers.append(response.rawHeaders[place] ?? "", response.rawHeaders[place + 1] ?? "");
  }
  const isStream = headers.get("content-type")?.includes("text/event-stream") && status === 200;
  const condenser = isStream ? new Condenser(listener.hear, listener.stirred) : undefined;
  const body = [204, 205, 304].includes(status) ? null : bodyOf(response, condenser, init.signal);
  return new Response(body, { status, headers });
}

/** A key is for the server that it was given to. */
function withoutKey(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  headers.delete("authorization");
  return { ...init, headers };
}

function ask(url: URL, { method, headers, signal, body }: RequestInit): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === "https:" ? https : http;
    const given = Object.fromEntries(headers instanceof Headers ? headers : new Headers(headers));
    // Nobody here unpacks what is packed, and a packed stream comes late.
    const options = { method, signal: signal ?? undefined, headers: { ...given, "accept-encoding": "identity" } };
    request(url, options, resolve)
      .on("error", reject)
      .end(typeof body === "string" ? body : undefined);
  });
}

/** How long a response may take to end after all that it says was read, before its connection is given up (ms). */
const longestEnd = 1000;

function bodyOf(
  response: http.IncomingMessage,
  condenser: Condenser | undefined,
  signal: AbortSignal | null | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const decoder = new StringDecoder("utf8");
  let open = true;
  return new ReadableStream({
    start(controller) {
      const pass = (text: string) => {
        if (open && text !== "") controller.enqueue(encoder.encode(text));
      };
      response.on("data", (bytes: Buffer) => {
        if (!open) return;
        if (condenser) pass(condenser.take(decoder.write(bytes)));
        else controller.enqueue(bytes);
      });
      response.on("end", () => {
        if (!open) return;
        if (condenser) pass(condenser.take(decoder.end()) + condenser.end());
        open = false;
        controller.close();
      });
      response.on("error", (error) => {
        if (!open) return;
        if (condenser) pass(condenser.end());
        open = false;
        // Who has cancelled it is told their own reason, not that the connection is gone.
        controller.error(signal?.aborted ? signal.reason : error);
      });
    },
    cancel() {
      open = false;
      // Who reads leaves at the last event; a moment later the connection is free for the next request.
      const giveUp = setTimeout(() => response.destroy(), longestEnd);
      response.once("close", () => clearTimeout(giveUp)).resume();
    },
  });
}
