import * as http from "node:http";
import * as https from "node:https";
import { StringDecoder } from "node:string_decoder";
import { Condenser } from "./condense.ts";
import type { Hear } from "./said.ts";

/**
 * A `fetch` for the client of a model server, for one streamed answer: what the model says is told to `hear` as
 * it arrives, and the response says it in fewer events. It is made of `node:http`, whose price for each piece of
 * a stream is half that of the built-in `fetch`; what is unusual is left to that one.
 */
export const listeningFetch =
  (hear: Hear, stirred: () => void): typeof fetch =>
  async (input, init) => {
    const { body, method, signal } = init ?? {};
    if (input instanceof Request || (body && typeof body !== "string")) return fetch(input, init);
    const response = await ask(new URL(input), { method, signal: signal ?? undefined, headers: init?.headers, body });
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      response.resume();
      return fetch(input, init);
    }
    const headers = new Headers();
    for (let place = 0; place < response.rawHeaders.length; place += 2) {
      headers.append(response.rawHeaders[place] ?? "", response.rawHeaders[place + 1] ?? "");
    }
    const isStream = headers.get("content-type")?.includes("text/event-stream") && status === 200;
    const condenser = isStream ? new Condenser(hear, stirred) : undefined;
    return new Response(bodyOf(response, condenser), { status, headers });
  };

interface Asked {
  method: string | undefined;
  headers: HeadersInit | undefined;
  signal: AbortSignal | undefined;
  body: string | null | undefined;
}

function ask(url: URL, { method, headers, signal, body }: Asked): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === "https:" ? https : http;
    const options = { method, signal, headers: Object.fromEntries(new Headers(headers)) };
    request(url, options, resolve)
      .on("error", reject)
      .end(body ?? undefined);
  });
}

/** How long a response may take to end after all that it says was read, before its connection is given up (ms). */
const longestEnd = 1000;

function bodyOf(response: http.IncomingMessage, condenser: Condenser | undefined): ReadableStream<Uint8Array> {
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
        controller.error(error);
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
