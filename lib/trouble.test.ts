import { LibsqlError } from "@libsql/client";
import { expect, test } from "vitest";
import { SessionError } from "./sessions/errors.ts";
import { troubleOf } from "./trouble.ts";

const wrapped = (cause: unknown) => new Error("Failed query: insert into ...", { cause });

test.each([
  [new LibsqlError("database is locked", "SQLITE_BUSY"), "locked"],
  [wrapped(new LibsqlError("database is locked", "SQLITE_BUSY_SNAPSHOT")), "locked"],
  [new SessionError("store_busy", "locked", new LibsqlError("database is locked", "SQLITE_BUSY")), "locked"],
  [new LibsqlError("cannot commit transaction - SQL statements in progress", "SQLITE_ERROR"), "locked"],
  [wrapped(new LibsqlError("database or disk is full", "SQLITE_FULL")), "full"],
  [new LibsqlError("attempt to write a readonly database", "SQLITE_READONLY"), "unwritable"],
  [wrapped(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })), "unreachable"],
  [new LibsqlError("stream closed", "HRANA_PROTO_ERROR"), "unreachable"],
])("%s is trouble with the database", (error, trouble) => expect(troubleOf(error)).toBe(trouble));

test.each([
  new LibsqlError("UNIQUE constraint failed: runs.id", "SQLITE_CONSTRAINT"),
  new TypeError("x is not a function"),
  "text",
  undefined,
])("%s is not", (error) => expect(troubleOf(error)).toBeUndefined());
