import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * The application's tables. The tables of the session library (sessions, branches, segments,
 * items, summaries) stand in `sessions.ts`; a conversation's history is the session of its id.
 */

const moment = (name: string) => integer(name);
const made = (name = "created_at") =>
  moment(name)
    .notNull()
    .$defaultFn(() => Date.now());

export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  name: text("name"),
  email: text("email").unique(),
  emailVerified: integer("email_verified", { mode: "timestamp_ms" }),
  image: text("image"),
  passwordHash: text("password_hash"),
  role: text("role", { enum: ["owner", "member", "guest"] }).notNull(),
  /** Set to now to end every session that was begun before. */
  sessionsValidFrom: moment("sessions_valid_from").notNull().default(0),
  createdAt: made(),
});

/** Identities at other providers (OAuth) that sign in as a user. */
export const accounts = sqliteTable(
  "accounts",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text("type").notNull(),
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
    createdAt: made(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.providerAccountId] }),
    index("accounts_user").on(table.userId),
  ],
);

export const namespaces = sqliteTable(
  "namespaces",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The part after the colon of `userId:type`. */
    type: text("type").notNull(),
    label: text("label").notNull(),
    color: text("color").notNull(),
    defaultAgent: text("default_agent").notNull(),
    retentionDays: integer("retention_days"),
    createdAt: made(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.type] })],
);

export const conversations = sqliteTable(
  "conversations",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    namespace: text("namespace").notNull(),
    title: text("title").notNull(),
    /** Who chose the title: it is only replaced by a made one while it is "first". */
    titleFrom: text("title_from", { enum: ["first", "made", "person"] }).notNull(),
    store: text("store").notNull().default("libsql"),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, unknown>>().notNull().default({}),
    pinnedAt: moment("pinned_at"),
    archivedAt: moment("archived_at"),
    /** In the bin: restored by undo, removed for good by the sweep. */
    deletedAt: moment("deleted_at"),
    /** The last message or answer; what the sidebar sorts by. */
    activeAt: made("active_at"),
    readAt: made("read_at"),
    createdAt: made(),
  },
  (table) => [
    index("conversations_list").on(table.userId, table.activeAt, table.id),
    index("conversations_namespace")
      .on(table.userId, table.namespace, table.activeAt, table.id)
      .where(sql`deleted_at is null and archived_at is null`),
    index("conversations_pinned")
      .on(table.userId, table.pinnedAt)
      .where(sql`pinned_at is not null and deleted_at is null`),
    index("conversations_archived")
      .on(table.userId, table.activeAt, table.id)
      .where(sql`archived_at is not null and deleted_at is null`),
  ],
);

export const runStatuses = ["queued", "running", "waiting", "completed", "failed", "stopped", "interrupted"] as const;

export interface RunFailure {
  code: string;
  message: string;
}

export interface RunUsage {
  requests: number;
  inputTokens: number;
  outputTokens: number;
}

/** A tool call that needs the person's word before it is made. */
export interface Approval {
  call: string;
  decision?: "approved" | "rejected";
}

/** Which runs are not over. SQLite looks into the indexes of these alone only where a query says it in the same words. */
export const notOver = sql`status in ('queued', 'running', 'waiting')`;

export const runs = sqliteTable(
  "runs",
  {
    id: text("id").primaryKey(),
    conversationId: text("conversation_id").notNull(),
    branchId: text("branch_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    status: text("status", { enum: runStatuses }).notNull(),
    /** The agent that was asked; hand-offs stand in the items. */
    agent: text("agent").notNull(),
    model: text("model"),
    /** The length of the branch when the agents began: their first item has this position. */
    position: integer("position").notNull(),
    usage: text("usage", { mode: "json" }).$type<RunUsage>(),
    error: text("error", { mode: "json" }).$type<RunFailure>(),
    /** What the run waits for, or waited for last. */
    approvals: text("approvals", { mode: "json" }).$type<Approval[]>(),
    stopRequestedAt: moment("stop_requested_at"),
    /** Renewed while an instance executes the run; stale means that the instance died. */
    heartbeatAt: moment("heartbeat_at"),
    createdAt: made(),
    finishedAt: moment("finished_at"),
  },
  (table) => [
    index("runs_conversation").on(table.conversationId, table.createdAt),
    uniqueIndex("runs_one_live_per_branch").on(table.branchId).where(notOver),
    index("runs_live_conversation").on(table.conversationId).where(notOver),
  ],
);

/** Messages that wait for the answer before them, in the order in which they were sent. */
export const queuedMessages = sqliteTable(
  "queued_messages",
  {
    /** The id of the run that it will become. */
    id: text("id").primaryKey(),
    conversationId: text("conversation_id").notNull(),
    branchId: text("branch_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    text: text("text").notNull(),
    /** Who is to answer, where the person chose; else who is in charge by then. */
    agent: text("agent"),
    createdAt: made(),
  },
  (table) => [index("queued_messages_branch").on(table.branchId, table.createdAt)],
);

/** The log of a run's stream. One row holds the chunks of one write: numbers `first`, `first + 1`, ... */
export const runEvents = sqliteTable(
  "run_events",
  {
    run: text("run").notNull(),
    first: integer("first").notNull(),
    chunks: text("chunks").notNull(),
    createdAt: made(),
  },
  (table) => [
    index("run_events_moment").on(table.createdAt, table.run, table.first),
    index("run_events_begin").on(table.run, table.createdAt).where(sql`first = 1`),
  ],
);

/** Agents that people define themselves. */
export const agents = sqliteTable(
  "agents",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    definition: text("definition", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: made(),
    updatedAt: made("updated_at"),
  },
  (table) => [uniqueIndex("agents_name").on(table.userId, table.name)],
);

/** Which model answers, as the owner set it. The newest row is in force. */
export const connections = sqliteTable("connections", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ["openai", "compatible"] }).notNull(),
  baseUrl: text("base_url"),
  api: text("api", { enum: ["responses", "chat"] }).notNull(),
  model: text("model").notNull(),
  /** Encrypted with the instance's secret; never sent to a browser. */
  apiKey: text("api_key"),
  createdAt: made(),
});

export const audit = sqliteTable(
  "audit",
  {
    id: text("id").primaryKey(),
    userId: text("user_id"),
    action: text("action").notNull(),
    target: text("target"),
    details: text("details", { mode: "json" }).$type<Record<string, unknown>>(),
    createdAt: made(),
  },
  (table) => [index("audit_user").on(table.userId, table.createdAt), index("audit_time").on(table.createdAt)],
);
