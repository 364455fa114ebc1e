import { afterEach, expect, test, vi } from "vitest";
import { githubProfile } from "./providers.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** GitHub, as far as it is asked. */
function stubGithub(answers: Record<string, unknown>) {
  vi.stubGlobal("fetch", async (url: string, init: { headers: Record<string, string> }) => {
    if (init.headers.authorization !== "Bearer token") return new Response("no", { status: 401 });
    return Response.json(answers[new URL(url).pathname]);
  });
}

const other = { email: "old@example.com", primary: false, verified: true };

test.each([true, false])(
  "GitHub's primary email counts as verified: %s, only when GitHub says so",
  async (verified) => {
    stubGithub({
      "/user": { id: 7, login: "ada", name: "Ada", email: null },
      "/user/emails": [other, { email: "ada@example.com", primary: true, verified }],
    });
    expect(await githubProfile("token")).toEqual({
      id: 7,
      login: "ada",
      name: "Ada",
      email: "ada@example.com",
      email_verified: verified,
    });
  },
);

test("a public email that is not the primary one is not taken for verified", async () => {
  stubGithub({ "/user": { id: 7, login: "ada", email: "shown@example.com" }, "/user/emails": [other] });
  expect(await githubProfile("token")).toMatchObject({ email: null, email_verified: false });
});

test("a refusal by GitHub is an error", async () => {
  stubGithub({});
  await expect(githubProfile("another token")).rejects.toThrow("GitHub answered 401");
});
