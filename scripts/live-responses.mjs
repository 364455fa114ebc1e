// Responses that go on for as long as something happens: see lib/live-response.ts, which fills this.
const waiting = new Map();
globalThis.switchboardLiveResponses = waiting;

const header = "x-request-number";
let requests = 0;

/** A request handler that leaves responses without a body to who has asked to write them. */
export function withLiveResponses(handle) {
  return (request, response) => {
    requests += 1;
    const number = String(requests);
    // Whoever sent such a header does not say which request this is.
    request.headers[header] = number;
    // As they are before others put theirs around them.
    const { end, write } = response;
    response.end = (...given) => {
      const show = waiting.get(number);
      if (!show || request.method === "HEAD") return end.apply(response, given);
      Object.assign(response, { end, write });
      response.flushHeaders();
      show(response);
      return response;
    };
    response.once("close", () => waiting.delete(number));
    return handle(request, response);
  };
}
