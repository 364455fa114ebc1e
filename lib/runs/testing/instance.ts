/**
 * An instance of the product without its pages, as a process of its own: what a person can do with
 * runs, over HTTP, so that a test can end it at any moment and see what another instance makes of it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { client, database } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { namespaces, users } from "#db/schema.ts";
import { ownConversation, ownQueuedMessage, ownRun, type User } from "#lib/access.ts";

import { AppError } from "#lib/errors.ts";
import { history } from "#lib/history.ts";
import { viewerAt } from "#lib/live-response.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { openThread } from "#lib/open-thread.ts";
import { lineage } from "#lib/sessions/segments.ts";
import { type Decision, decide } from "../decide.ts";
import { beat } from "../live.ts";
import { editQueued, type NewMessage, queueMessage, removeQueued, sendQueued } from "../queue.ts";
import { recoverRuns } from "../recover.ts";
import { type Again, startAgain, startTurn, type Turn } from "../start.ts";
import { hearStopsHere, stopRun } from "../stop.ts";
import { watchRun } from "../watch.ts";

const person = (id: string): User => ({ id, name: id, email: null, role: "member" });

/** What can be asked of an instance, each by whom and with what. */
const verbs = {
  prepare: async () => {
    await prepareConnection();
    await migrate(client());
    await migrateSessions(client());
  },
  join: async (user: User) => {
    await database().insert(users).values(user).onConflictDoNothing();
    await database().insert(namespaces).values(startingNamespaces(user.id)).onConflictDoNothing();
  },
  send: (user: User, turn: Turn) => startTurn(user, turn),
  again: (user: User, turn: Again) => startAgain(user, turn),
  decide: (user: User, decision: Decision) => decide(user, decision),
  /** Stops said through Redis are heard from now on. */
  hear: async () => {
    hearStopsHere();
  },
  stop: async (user: User, { run }: { run: string }) => stopRun(await ownRun(user, run)),
  queue: (user: User, message: NewMessage) => queueMessage(user, message),
  change: async (user: User, { id, text }: { id: string; text: string }) =>
    editQueued(await ownQueuedMessage(user, id), text),
  takeBack: async (user: User, { id }: { id: string }) => removeQueued(await ownQueuedMessage(user, id)),
  goOn: async (user: User, { conversation, branch }: { conversation: string; branch: string }) =>
    sendQueued(await ownConversation(user, conversation), branch),
  open: async (user: User, { conversation, branch }: { conversation: string; branch?: string }) =>
    openThread(await ownConversation(user, conversation), { branch, whole: true }),
  beat: () => beat(),
  recover: (_: User, { silentSince }: { silentSince: number }) => recoverRuns(silentSince),
  /** All that is stored of a conversation, as it is stored. */
  stored: async (_: User, { conversation }: { conversation: string }) => {
    const state = await history().load(conversation);
    if (!state) throw new Error("There is no such history.");
    const branches = await Promise.all(
      state.branches.map(async ({ id }) => ({ id, items: await history().read(conversation, lineage(state, id)) })),
    );
    const rows = async (sql: string) => (await client().execute({ sql, args: [conversation] })).rows;
    return {
      branches,
      items: await rows(`SELECT i.segment, i.position, i.run, i.item FROM sessions_items i
        JOIN sessions_segments s ON s.id = i.segment WHERE s.session = ?`),
      runs: await rows("SELECT id, branch_id AS branch, status FROM runs WHERE conversation_id = ?"),
      queue: await rows("SELECT id, branch_id AS branch, text FROM queued_messages WHERE conversation_id = ?"),
    };
  },
};

export type Verbs = typeof verbs;
export type Answer = { ok: true; value: unknown } | { ok: false; code: string; message: string };

type Perform = (user: User, input: unknown) => Promise<unknown>;

async function perform(request: IncomingMessage): Promise<Answer> {
  let body = "";
  for await (const piece of request) body += piece;
  const { verb, user, input }: { verb: keyof Verbs; user: string; input: unknown } = JSON.parse(body);
  try {
    return { ok: true, value: (await (verbs[verb] as Perform)(person(user), input)) ?? null };
  } catch (error) {
    const code = error instanceof AppError ? error.code : "unexpected";
    return { ok: false, code, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function watch(run: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const own = await ownRun(person(String(request.headers.user)), run);
    response.writeHead(200, { "content-type": "text/event-stream" });
    await watchRun(own, Number(request.headers["last-event-id"] ?? 0), viewerAt(response));
  } catch (error) {
    response.writeHead(error instanceof AppError ? error.status : 500).end();
  }
}

const server = createServer(async (request, response) => {
  const run = /^\/api\/runs\/([^/]+)\/events$/.exec(request.url ?? "")?.[1];
  if (run) return watch(run, request, response);
  response.end(JSON.stringify(await perform(request)));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") process.send?.(address.port);
});
process.on("disconnect", () => process.exit(0));
