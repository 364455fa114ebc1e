import type { ServerResponse } from "node:http";
import { log } from "./log.ts";
import { writeSoon } from "./write-pace.ts";

/**
 * Responses that go on for as long as something happens. The server under Next (scripts/live-routes.ts) asks their routes
 * itself, and lets them be written straight to the connection: through Next each piece would cost more than all else
 * that is done to show it, and each beginning several times what it asks of the database.
 */

/** Who is shown something while it happens, for as long as they stay. */
export class Viewer {
  readonly #to: { write(text: string): void; end(): void };
  #leaving: (() => void)[] | undefined = [];

  constructor(to: { write(text: string): void; end(): void }) {
    this.#to = to;
  }

  /** Shows a text, unless they have gone. */
  write(text: string): void {
    if (this.#leaving && text !== "") this.#to.write(text);
  }

  /** Shows the last text. */
  end(text = ""): void {
    if (!this.#leaving) return;
    this.write(text);
    this.#to.end();
    this.leave();
  }

  /** They have gone. */
  leave(): void {
    const leaving = this.#leaving ?? [];
    this.#leaving = undefined;
    for (const each of leaving) each();
  }

  get hasLeft(): boolean {
    return this.#leaving === undefined;
  }

  /** Calls `leave` once, when they have gone or were shown the end; at once where that is so already. */
  onLeave(leave: () => void): void {
    if (this.#leaving) this.#leaving.push(leave);
    else leave();
  }
}

/** Loads the file of a route. */
type Load = () => Promise<{ GET(request: Request, context: Context): Promise<Response> }>;

interface Context {
  params: Promise<Record<string, string>>;
}

export interface LiveRoute {
  address: URLPattern;
  load: Load;
}

/** The server under Next, the boot and the routes are bundles of their own: they share through globalThis. */
export interface LiveShared {
  switchboardLiveRoutes?: LiveRoute[];
  /** What is to be done with a response that was answered without a body. */
  switchboardLiveResponses?: WeakMap<Response, (response: ServerResponse) => void>;
}
const shared: LiveShared = globalThis as typeof globalThis & LiveShared;

/** Tells the server under Next which routes answer live, by their addresses. Each is loaded when it is first asked for. */
export function openLiveRoutes(routes: Record<string, Load>): void {
  shared.switchboardLiveRoutes = Object.entries(routes).map(([pathname, load]) => ({
    address: new URLPattern({ pathname }),
    load,
  }));
}

/** Answers with server-sent events, as `show` writes them. */
export function liveResponse(show: (viewer: Viewer) => Promise<void>): Response {
  const response = new Response(null, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
  shared.switchboardLiveResponses ??= new WeakMap();
  shared.switchboardLiveResponses.set(response, (connection) => {
    show(viewerAt(connection)).catch((error: unknown) => {
      log().error({ err: error }, "a live response broke off");
      connection.destroy();
    });
  });
  return response;
}

/** Who has asked for this response. */
export function viewerAt(response: ServerResponse): Viewer {
  const viewer = new Viewer(pieces(response));
  const leave = () => viewer.leave();
  // A connection that breaks in this very moment says so here first; nobody is there to be told.
  response.once("close", leave).on("error", leave);
  if (response.destroyed) leave();
  return viewer;
}

/**
 * Writes what comes in one moment as one piece, in the form that it has on the connection: from a response, Node hands
 * the connection four pieces for each text, which costs more than all else that is done with it.
 */
function pieces(response: ServerResponse) {
  let waiting = "";
  let hasBegun = false;
  const flush = () => {
    const piece = waiting;
    waiting = "";
    if (hasBegun) return write(piece);
    hasBegun = true;
    // The head goes with the first piece, where that is there by now.
    const { socket } = response;
    socket?.cork();
    response.flushHeaders();
    write(piece);
    socket?.uncork();
  };
  const write = (piece: string) => {
    if (piece === "") return;
    // HTTP/1.0 knows no chunks, and where an earlier request is still being answered the connection is not free yet.
    if (!response.chunkedEncoding || !response.socket) response.write(piece);
    else response.socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
  };
  setImmediate(flush);
  return {
    write(text: string): void {
      if (waiting === "") writeSoon(flush);
      waiting += text;
    },
    end(): void {
      flush();
      response.end();
    },
  };
}
