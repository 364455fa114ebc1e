import { expect, test } from "vitest";
import { Line } from "./line.ts";
import { began, message, quiet, refused, run, stage, thread } from "./testing/stage.ts";

/** Who answers next. */

test("a hand-off changes who answers next", async () => {
  const { calls, answers, streams } = stage();
  answers.push(began("r1"));
  streams.set("r1", run("r1", "Hi.", 2, { type: "data-handoff", id: "h", data: { from: "triage", to: "billing" } }));
  const line = new Line(calls, null, "triage");
  await line.send("Refund me");
  await quiet(line);
  expect(line.state().agent).toBe("billing");
});

test("a choice of who answers next stays when a page comes that was read before it", async () => {
  const { calls, sent, answers, streams } = stage();
  const page = (agent: string) => {
    const read = thread([message("a", "user", 0), message("b", "assistant", 1)]);
    return { ...read, branch: { ...read.branch, agent } };
  };
  const line = new Line(calls, page("triage"), "triage");
  line.choose("billing");
  line.take(page("triage"));
  expect(line.state().agent).toBe("billing");
  line.take(page("billing"));
  // Chosen in another tab since.
  line.take(page("travel"));
  expect(line.state().agent).toBe("travel");

  line.choose("billing");
  answers.push(began("r1"));
  const handOff = { type: "data-handoff" as const, id: "h", data: { from: "billing", to: "triage" } };
  streams.set("r1", run("r1", "Done.", 4, handOff));
  await line.send("Next");
  await quiet(line);
  expect(sent.map(({ agent }) => agent)).toEqual(["billing"]);
  line.take({ ...page("triage"), branch: { id: "b1", name: "main", length: 4, agent: "triage" } });
  expect(line.state().agent).toBe("triage");
});

test("a choice is for the branch on which it was made", () => {
  const read = thread([message("a", "user", 0)]);
  const line = new Line(stage().calls, read, "triage");
  line.choose("billing");
  line.take({ ...read, branch: { ...read.branch, id: "b2" } });
  expect(line.state().agent).toBe("triage");
});

test("a new version of a message is for whom it was for, unless another agent was chosen since", async () => {
  const { calls, sent, answers } = stage();
  answers.push(refused("invalid"), refused("invalid"));
  const messages = [message("a", "user", 0), message("b", "assistant", 1)];
  const line = new Line(calls, thread(messages), "triage");
  await line.send("Anew", { instead: messages[0] });
  line.choose("billing");
  await line.send("Anew", { instead: messages[0] });
  expect(sent.map(({ agent }) => agent)).toEqual([undefined, "billing"]);
});

test("a message that waits is for whoever has the word by then, unless an agent was chosen since the last one", async () => {
  const { calls, waits } = stage();
  const line = new Line(calls, thread([message("a", "user", 0)], "r1"), "triage");
  await line.queue.add("For whoever it is");
  line.choose("billing");
  await line.queue.add("For Billing");
  await line.queue.add("For whoever it is then");
  expect(waits.map(({ agent }) => agent)).toEqual([undefined, "billing", undefined]);
});
