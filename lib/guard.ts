import { notFound as notFoundPage, redirect } from "next/navigation";
import { ulid } from "ulid";
import { z } from "zod";
import type { User } from "./access.ts";
import { type AuditEntry, record } from "./audit.ts";
import { currentUser, userOfRequest } from "./auth.ts";
import { AppError, type ErrorCode } from "./errors.ts";
import { log } from "./log.ts";
import type { SessionError, SessionErrorCode } from "./sessions/errors.ts";
import { troubleError, troubleOf } from "./trouble.ts";

/** The doors: everything from a browser enters through `page`, `action` or `route`. */

export interface Failure {
  code: ErrorCode;
  message: string;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: Failure };

/** What the session library refuses because of what a person asked for; anything else of it is unexpected. */
const sessionCodes: Partial<Record<SessionErrorCode, ErrorCode>> = {
  branch_missing: "not_found",
  branch_name_taken: "conflict",
  branch_name_invalid: "invalid",
  branch_last: "invalid",
  branch_current: "invalid",
  position_invalid: "invalid",
  conflict: "conflict",
  store_busy: "unavailable",
  store_unreachable: "unavailable",
};

/** By name: actions and route handlers are separate bundles, each with its own copy of the class. */
const isSessionError = (error: unknown): error is SessionError =>
  error instanceof Error && error.name === "SessionError";

/** What a person is told of an error; one that nobody foresaw is logged with a reference. */
export function failureOf(error: unknown): Failure & { status: number } {
  if (error instanceof AppError) return { code: error.code, message: error.message, status: error.status };
  const trouble = troubleOf(error);
  if (trouble) {
    log().error({ err: error, trouble }, "the database is in trouble");
    return failureOf(troubleError(trouble, error));
  }
  if (isSessionError(error) && sessionCodes[error.code]) {
    const translated = new AppError(sessionCodes[error.code] ?? "invalid", error.message);
    return { code: translated.code, message: translated.message, status: translated.status };
  }
  const reference = ulid().slice(-8);
  log().error({ err: error, reference }, "unexpected error");
  return {
    code: "unexpected",
    message: `Something went wrong on the server. Try again; if it stays, give the operator the reference ${reference}.`,
    status: 500,
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = read(schema, input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.length ? ` (${issue.path.join(".")})` : "";
  const what = (issue?.message ?? "check what was sent").replace(/^Invalid input: /, "");
  throw new AppError("invalid", `That request does not fit${where}: ${what}${what.endsWith(".") ? "" : "."}`);
}

/** React decodes some arguments into things that throw when they are looked at. */
function read<Schema extends z.ZodType>(schema: Schema, input: unknown) {
  try {
    return schema.safeParse(input);
  } catch (cause) {
    throw new AppError("invalid", "That request does not fit: send plain values only.", { cause });
  }
}

function signedIn(user: User | null): User {
  if (!user) throw new AppError("unauthenticated", "You are signed out. Sign in and try again.");
  return user;
}

/** A server action: parses, finds the user, performs, writes down what was done, translates errors. */
export function action<Schema extends z.ZodType, Result>(
  schema: Schema,
  perform: (user: User, input: z.output<Schema>) => Promise<Result>,
  options: { audit?: string } = {},
): (input: z.input<Schema>) => Promise<Outcome<Result>> {
  return async (input) => {
    try {
      const user = signedIn(await currentUser());
      const value = await perform(user, parse(schema, input));
      if (options.audit) await writeDown({ userId: user.id, action: options.audit, target: targetOf(input) });
      return { ok: true, value };
    } catch (error) {
      const { code, message } = failureOf(error);
      return { ok: false, error: { code, message } };
    }
  };
}

/** What is done is done: who did it is not told that it failed because the log could not be written. */
async function writeDown(entry: AuditEntry): Promise<void> {
  try {
    await record(entry);
  } catch (error) {
    log().error({ err: error, entry }, "something was done that could not be written into the log of what is done");
  }
}

function targetOf(input: unknown): string | null {
  const target = z
    .object({ id: z.string() })
    .or(z.object({ conversation: z.string() }))
    .safeParse(input);
  if (!target.success) return null;
  return "id" in target.data ? target.data.id : target.data.conversation;
}

type Parameters = { params: Promise<Record<string, string | string[] | undefined>> };

/** A route handler. `input` is the path's parameters, the query and, for a JSON body, its fields. */
export function route<Schema extends z.ZodType>(
  schema: Schema,
  perform: (user: User, input: z.output<Schema>, request: Request) => Promise<Response>,
): (request: Request, context: Parameters) => Promise<Response> {
  return async (request, context) => {
    try {
      refuseOtherOrigins(request);
      const user = signedIn(await userOfRequest(request));
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const input = parse(schema, { ...query, ...(await bodyOf(request)), ...(await context.params) });
      return await perform(user, input, request);
    } catch (error) {
      const { status, code, message } = failureOf(error);
      return Response.json({ error: { code, message } }, { status });
    }
  };
}

/** A browser says where a request comes from; one that changes something must come from our own pages. */
function refuseOtherOrigins({ method, headers }: Request): void {
  if (method === "GET" || method === "HEAD") return;
  const site = headers.get("sec-fetch-site");
  const own = site ? site === "same-origin" || site === "none" : isOwnOrigin(headers);
  if (!own) throw new AppError("invalid", "This request came from another site. Use Switchboard's own pages.");
}

/** For browsers too old to name the site; a program names neither, and has no cookie that it was not given. */
function isOwnOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  return origin === null || (URL.canParse(origin) && new URL(origin).host === host);
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  if (!request.headers.get("content-type")?.includes("application/json")) return {};
  const body: unknown = await request.json().catch(() => {
    throw new AppError("invalid", "The body is not JSON. Send a JSON object.");
  });
  return parse(z.record(z.string(), z.unknown(), { error: "The body must be a JSON object." }), body);
}

interface PageProps {
  params: Promise<Record<string, string>>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/**
 * A page for somebody who is signed in: others are led to sign in. What is not theirs is not found,
 * and neither is an address that names nothing.
 */
export function page<Element>(
  render: (user: User, input: { params: Record<string, string>; query: Record<string, string> }) => Promise<Element>,
): (props: PageProps) => Promise<Element> {
  return async (props) => {
    const user = await currentUser();
    if (!user) redirect("/sign-in");
    const search = await props.searchParams;
    const query = Object.fromEntries(
      Object.entries(search).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    );
    try {
      return await render(user, { params: await props.params, query });
    } catch (error) {
      if (error instanceof AppError && (error.code === "not_found" || error.code === "invalid")) notFoundPage();
      throw error;
    }
  };
}
