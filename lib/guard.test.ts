import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AppError, notFound } from "./errors.ts";
import { failureOf } from "./guard.ts";
import { log } from "./log.ts";
import { SessionError } from "./sessions/errors.ts";

describe("what a person is told of an error", () => {
  beforeEach(() => void vi.spyOn(log(), "error").mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  test("one that is meant for them, as it is", () => {
    expect(failureOf(notFound("conversation"))).toEqual({
      code: "not_found",
      message: "There is no such conversation, or it is not yours.",
      status: 404,
    });
  });

  test.each([
    ["branch_missing", "not_found", 404],
    ["branch_name_taken", "conflict", 409],
    ["position_invalid", "invalid", 400],
    ["conflict", "conflict", 409],
    ["store_busy", "unavailable", 503],
  ] as const)("one of the session library that they caused: %s", (code, translated, status) => {
    const message = "There is no branch of that name. Choose another one.";
    expect(failureOf(new SessionError(code, message))).toEqual({ code: translated, message, status });
  });

  test.each([
    new Error("SQLITE_CORRUPT: /data/switchboard.db"),
    new SessionError("keys_invalid", "The key 9f3a is wrong."),
    "a string",
    undefined,
  ])("nothing of one that nobody foresaw, but a reference that stands in the log: %s", (error) => {
    const failure = failureOf(error);
    const reference = /reference ([0-9A-Z]{8})\./.exec(failure.message)?.[1];
    expect({ ...failure, message: failure.message.replace(reference ?? "?", "R") }).toEqual({
      code: "unexpected",
      message: "Something went wrong on the server. Try again; if it stays, give the operator the reference R.",
      status: 500,
    });
    expect(log().error).toHaveBeenCalledExactlyOnceWith({ err: error, reference }, "unexpected error");
  });

  test("the words for what is not theirs are those for what does not exist", () => {
    expect(notFound("run")).toEqual(new AppError("not_found", "There is no such run, or it is not yours."));
  });
});
