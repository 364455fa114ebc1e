import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveRoute, LiveShared } from "#lib/live-response.ts";

/** The routes that answer live, and what is to be done with a response of theirs: lib/live-response.ts fills this. */
const shared: LiveShared = globalThis as typeof globalThis & LiveShared;

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A request handler that asks the routes which answer live itself, and leaves all others to `handle`. */
export function withLiveRoutes(handle: Handle): Handle {
  return (request, response) => {
    const url = request.method === "GET" ? URL.parse(request.url ?? "", "http://localhost") : null;
    const route = url && shared.switchboardLiveRoutes?.find(({ address }) => address.test(url));
    if (!url || !route) return handle(request, response);
    return answer(route, url, request, response).catch((error: unknown) => {
      // A route answers with a sentence whatever happens in it: this one could not be loaded.
      process.stderr.write(`${url.pathname}: ${error}\n`);
      response.destroy();
    });
  };
}

async function answer({ address, load }: LiveRoute, url: URL, request: IncomingMessage, response: ServerResponse) {
  const { GET } = await load();
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const given = Object.entries(address.exec(url)?.pathname.groups ?? {});
  const params = Object.fromEntries(given.map(([name, value = ""]) => [name, decodeURIComponent(value)]));
  const answered = await GET(new Request(url, { headers }), { params: Promise.resolve(params) });
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  const show = shared.switchboardLiveResponses?.get(answered);
  if (show) show(response);
  else response.end(await answered.text());
}
