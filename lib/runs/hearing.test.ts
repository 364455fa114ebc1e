import fc from "fast-check";
import { expect, test } from "vitest";
import type { Said } from "#lib/models/said.ts";
import { Hearing } from "./hearing.ts";

const text = (delta: string): Said => ({ kind: "text", delta });
const answerEnd: Said = { kind: "answer-end" };

test("what is said before its answer has begun waits, and flows at once from then on", () => {
  const shown: Said[] = [];
  const hearing = new Hearing((said) => shown.push(said));
  hearing.hear(text("a"));
  expect(shown).toEqual([]);
  hearing.begin();
  hearing.hear(text("b"));
  expect(shown).toEqual([text("a"), text("b")]);
});

test("what still waits at the end is shown, and nothing after it", () => {
  const shown: Said[] = [];
  const hearing = new Hearing((said) => shown.push(said));
  hearing.hear(text("a"));
  hearing.end();
  hearing.hear(text("too late"));
  expect(shown).toEqual([text("a")]);
});

test("nothing is shown any more when somebody else has the run", () => {
  const shown: Said[] = [];
  const hearing = new Hearing((said) => shown.push(said));
  hearing.hear(text("a"));
  hearing.abandon();
  hearing.begin();
  hearing.hear(text("b"));
  hearing.end();
  expect(shown).toEqual([]);
});

/** How many words each answer has, and who goes next: the model, or the runner that hands over its events later. */
const race = fc.tuple(
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
  fc.infiniteStream(fc.boolean()),
);

test("words stand between the items of the answers before and after them, whoever is ahead", () => {
  fc.assert(
    fc.property(race, ([answers, modelGoes]) => {
      const seen: string[] = [];
      const hearing = new Hearing((said) => "delta" in said && seen.push(said.delta));
      const model: (() => void)[] = [];
      const runner: { after: number; act: () => void }[] = [];
      for (const [place, words] of answers.entries()) {
        // The runner tells of a beginning when the model has begun, and of items when it is done.
        runner.push({ after: model.length, act: () => hearing.begin() });
        for (let word = 0; word < words; word += 1) model.push(() => hearing.hear(text(`${place}.${word}`)));
        model.push(() => hearing.hear(answerEnd));
        runner.push({ after: model.length, act: () => seen.push(`item ${place}`) });
      }
      let said = 0;
      while (said < model.length || runner.length > 0) {
        const next = runner[0];
        const may = next !== undefined && next.after <= said;
        if (said < model.length && (!may || modelGoes.next().value)) model[said++]?.();
        else if (may) runner.shift()?.act();
      }
      const inOrder = answers.flatMap((words, place) => [
        ...Array.from({ length: words }, (_, word) => `${place}.${word}`),
        `item ${place}`,
      ]);
      expect(seen).toEqual(inOrder);
    }),
  );
});
