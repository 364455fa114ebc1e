import type { IncomingMessage, ServerResponse } from "node:http";

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** For a handler that sends the head of a response by itself, right before the first piece, as Next does: they go as one packet. */
export function withWholeHeads(handle: Handle): Handle {
  return (request, response) => handle(request, Object.assign(response, { flushHeaders: () => {} }));
}
