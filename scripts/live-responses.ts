import type { IncomingMessage, ServerResponse } from "node:http";

/** Responses that go on for as long as something happens: see lib/live-response.ts, which fills this. */
const waiting = new Map<string, (response: ServerResponse) => void>();
Object.assign(globalThis, { switchboardLiveResponses: waiting });

const header = "x-request-number";
let requests = 0;

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A request handler that leaves responses without a body to who has asked to write them. */
export function withLiveResponses(handle: Handle): Handle {
  return (request, response) => {
    requests += 1;
    const number = String(requests);
    // Whoever sent such a header does not say which request this is.
    request.headers[header] = number;
    // As they are before others put theirs around them.
    const { end, write, flushHeaders } = response;
    const endOrShow = (...given: unknown[]) => {
      Object.assign(response, { end });
      const show = waiting.get(number);
      if (!show || request.method === "HEAD") return Reflect.apply(end, response, given);
      Object.assign(response, { write, flushHeaders });
      show(response);
      return response;
    };
    // Next sends each head by itself, right before the first piece: together they are one packet.
    Object.assign(response, { end: endOrShow, flushHeaders: () => {} });
    response.once("close", () => waiting.delete(number));
    return handle(request, response);
  };
}
