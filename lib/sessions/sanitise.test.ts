import type { AgentInputItem } from "@openai/agents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assistant, call, reasoning, result, user } from "./conformance/harness.ts";
import { findOpenCalls, modelInput, sanitise, settle, takeLast } from "./sanitise.ts";

describe("sanitise", () => {
  test("drops a result without its call and a call without its result", () => {
    expect(sanitise([result("x"), user("a"), call("c"), user("b")])).toEqual([user("a"), user("b")]);
    expect(sanitise([call("c"), result("c"), result("c")])).toEqual([call("c"), result("c")]);
    expect(sanitise([result("c"), call("c")])).toEqual([]);
  });

  test("drops reasoning that led to nothing, and keeps it while anything of its response stays", () => {
    expect(sanitise([user("a"), reasoning("1")])).toEqual([user("a")]);
    expect(sanitise([reasoning("1"), reasoning("2"), user("a")])).toEqual([user("a")]);
    const halfDone = [user("a"), reasoning("1"), call("lost"), call("c"), result("c"), assistant("b")];
    expect(sanitise(halfDone)).toEqual(halfDone.filter((_, index) => index !== 2));
    expect(sanitise([user("a"), reasoning("1"), call("lost"), user("b")])).toEqual([user("a"), user("b")]);
  });

  test("keeps what waits for an approval only where it is asked to, and only until the user goes on", () => {
    const waiting = [user("a"), reasoning("1"), call("c")];
    expect(sanitise(waiting, { keepPending: true })).toEqual(waiting);
    expect(modelInput(waiting)).toEqual([user("a")]);
    expect(sanitise([...waiting, user("b")], { keepPending: true })).toEqual([user("a"), user("b")]);
  });

  test("knows all kinds of calls, and does not mix them", () => {
    const patch: AgentInputItem = {
      type: "apply_patch_call",
      callId: "same",
      status: "completed",
      operation: { type: "delete_file", path: "a" },
    };
    const patched: AgentInputItem = { type: "apply_patch_call_output", callId: "same", status: "completed" };
    expect(sanitise([patch, result("same")])).toEqual([]);
    expect(sanitise([patch, call("same"), patched, result("same")])).toHaveLength(4);
  });

  test("gives the same list when nothing is wrong", () => {
    const fine = [user("a"), reasoning("1"), call("c"), result("c"), assistant("b")];
    expect(sanitise(fine)).toEqual(fine);
  });
});

describe("settle", () => {
  test("answers open calls only, so that nothing stays open", () => {
    const items = [user("a"), call("done"), result("done"), call("one"), call("two")];
    expect(findOpenCalls(items)).toEqual([3, 4]);
    const results = settle(items, "The process ended.");
    expect(results).toMatchObject([
      { type: "function_call_result", callId: "one", status: "incomplete", output: { text: "The process ended." } },
      { type: "function_call_result", callId: "two" },
    ]);
    expect(findOpenCalls([...items, ...results])).toEqual([]);
  });
});

const anything = fc.array(
  fc.oneof(
    fc.constantFrom(user("u"), assistant("a"), reasoning("r")),
    fc.constantFrom("1", "2", "3").map((id) => call(id)),
    fc.constantFrom("1", "2", "3").map((id) => result(id)),
  ),
  { maxLength: 30 },
);

describe("whatever the history", () => {
  test("a sanitised one has nothing to sanitise, and no open call once settled", () => {
    fc.assert(
      fc.property(anything, (items) => {
        const valid = sanitise(items);
        expect(sanitise(valid)).toEqual(valid);
        expect(findOpenCalls(valid)).toEqual([]);
        expect(findOpenCalls([...items, ...settle(items)])).toEqual([]);
      }),
    );
  });

  test("its newest items are valid by themselves, at most as many as asked, and end as it ends", () => {
    fc.assert(
      fc.property(anything, fc.nat({ max: 35 }), (items, limit) => {
        const valid = sanitise(items);
        const last = takeLast(valid, limit);
        expect(last.length).toBeLessThanOrEqual(limit);
        expect(sanitise(last)).toEqual(last);
        expect(last).toEqual(valid.slice(valid.length - last.length));
      }),
    );
  });
});
