import fc from "fast-check";
import { expect, test } from "vitest";
import { encodingOf, inUtf8 } from "./encoding.ts";
import { type JsonValue, readJsonValues } from "./json-values.ts";

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(text: string, size = 7, limit = 5000): Promise<JsonValue[]> {
  const found: JsonValue[] = [];
  for await (const value of readJsonValues(inChunks(new TextEncoder().encode(text), size), { limit }))
    found.push(value);
  return found;
}

const values = async (text: string) => (await read(text)).map((found) => ("value" in found ? found.value : found));

test("a list comes entry by entry, an object as a whole, several objects one after the other", async () => {
  expect(await values('[1, {"a": [1, "ü]{"]}, [], null]')).toEqual([1, { a: [1, "ü]{"] }, [], null]);
  expect(await values('{"a": {"history": [1]}}')).toEqual([{ a: { history: [1] } }]);
  expect(await values('{"a":1}\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
});

test("the history inside an object comes entry by entry too", async () => {
  expect(await read('{"version": 4, "history": [{"x": 1}, {"y": [2]}], "folders": [3]}')).toEqual([
    { value: { x: 1 }, within: "history" },
    { value: { y: [2] }, within: "history" },
    { frame: { version: 4, history: [], folders: [3] } },
  ]);
});

test("what is too large is passed over, and what follows is read", async () => {
  const found = await read(`[1, {"large": [${"7, ".repeat(5000)}7]}, 3]`);
  expect(found).toMatchObject([{ value: 1 }, { oversize: expect.any(Number) }, { value: 3 }]);
  await expect(read(`["${"x".repeat(20_000)}"]`)).rejects.toThrow("too large");
});

test("what has too many small parts is passed over too", async () => {
  const found = await read(`[[${"0,".repeat(1_600_000)}0],1]`, 65_536, 10_000_000);
  expect(found).toMatchObject([{ oversize: expect.any(Number) }, { value: 1 }]);
});

test("what is broken is said, after what could be read", async () => {
  for (const text of ["", "[1", '{"a"', '{"a" 1}', "[1 2]", "[1,,2]", "nonsense", '["a]', "[[[]]"]) {
    await expect(read(text), text).rejects.toThrow(/not valid JSON|ends in the middle|empty/);
  }
  const found: JsonValue[] = [];
  const reading = async () => {
    for await (const value of readJsonValues(inChunks(new TextEncoder().encode("[1, 2, x"), 3))) found.push(value);
  };
  await expect(reading()).rejects.toThrow();
  expect(found).toHaveLength(2);
});

test("a million levels do not break the stack, and dangerous names do not reach a prototype", async () => {
  const found = await read(`[${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}]`, 65_536, 10_000_000);
  expect(found).toHaveLength(1);
  await values('[{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}]');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("text in other encodings is read", async () => {
  const text = '["Grüße, 日本"]';
  const utf16 = new Uint8Array(new Uint16Array(Array.from(`\ufeff${text}`, (sign) => sign.charCodeAt(0))).buffer);
  const latin = Uint8Array.from('["Grüße"]', (sign) => sign.charCodeAt(0));
  const cases = [
    [new TextEncoder().encode(`\ufeff${text}`), "utf-8", ["Grüße, 日本"]],
    [utf16, "utf-16le", ["Grüße, 日本"]],
    [utf16.slice(2), "utf-16le", ["Grüße, 日本"]],
    [latin, "windows-1252", ["Grüße"]],
  ] as const;
  for (const [bytes, encoding, expected] of cases) {
    const open = () => inChunks(bytes, 5);
    expect(await encodingOf({ open })).toBe(encoding);
    const found: unknown[] = [];
    for await (const value of readJsonValues(inUtf8(open(), encoding))) if ("value" in value) found.push(value.value);
    expect(found).toEqual(expected);
  }
});

test("bytes count as UTF-8 exactly when they are, wherever they are cut", async () => {
  const pieces = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
    fc.uint8Array({ maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), async (parts, size) => {
      // The first two letters are plain, so that it is not taken for UTF-16.
      const bytes = Uint8Array.from([0x5b, 0x5b, ...parts.flatMap((part) => [...part])]);
      const isText = Buffer.from(new TextDecoder().decode(bytes)).equals(bytes);
      const encoding = await encodingOf({ open: () => inChunks(bytes, size) });
      expect(encoding).toBe(isText ? "utf-8" : "windows-1252");
    }),
  );
});
