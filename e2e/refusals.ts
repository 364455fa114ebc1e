import { request } from "node:http";
import { expect } from "@playwright/test";
import type { ActionAnswer, Answer } from "./visitor.ts";

/** How something is refused: with one sentence that a person can read, and nothing of the machine. */

export function expectRefused({ status, outcome, text }: ActionAnswer, code: string | RegExp, door: string): void {
  const label = `${door} ${text.slice(0, 300)}`;
  expect(status, label).toBe(200);
  if (!outcome || outcome.ok) throw new Error(`It was not refused: ${label}`);
  expect(outcome.error.code, label).toMatch(code);
  expectSentence(outcome.error.message, label);
}

export function expectSentence(message: string, label: string): void {
  expect(message, label).toMatch(/^[A-Z0-9][^\n]{8,400}\.$/);
}

export function expectNoTrace({ text }: Answer, label: string): void {
  expect(text, label.slice(0, 80)).not.toMatch(/\bat [\w.<>]+ \(|\bat .*\.(js|ts):\d+|node_modules\//);
}

/** Sends the path as it stands: `fetch` would tidy it up. */
export function rawGet(url: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject).end();
  });
}
