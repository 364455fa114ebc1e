import { type NextRequest, NextResponse } from "next/server";
import { renewToken, sessionCookies, sessionSeconds } from "#lib/session-token.ts";

/**
 * Keeps people signed in who keep coming back, and remembers where somebody wanted to go who has to
 * sign in first. It guards nothing: every page, action and route asks for the user itself.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const cookie = sessionCookies.find((name) => request.cookies.has(name));
  if (!cookie) return askToSignIn(request);
  const response = NextResponse.next();
  const renewed = await renewToken(cookie, request.cookies.get(cookie)?.value ?? "");
  if (renewed) {
    response.cookies.set(cookie, renewed, {
      httpOnly: true,
      sameSite: "lax",
      path: "/",
      secure: cookie.startsWith("__Secure-"),
      maxAge: sessionSeconds,
    });
  }
  return response;
}

function askToSignIn({ nextUrl }: NextRequest): NextResponse {
  const wanted = `${nextUrl.pathname}${nextUrl.search}`;
  const page = nextUrl.clone();
  page.pathname = "/sign-in";
  page.search = wanted === "/" ? "" : `?next=${encodeURIComponent(wanted)}`;
  return NextResponse.redirect(page);
}

/** Only where a browser opens a page: not for its files, actions and data, nor for what is open to everybody. */
export const config = {
  matcher: [
    {
      source: "/((?!_next/|api/|share/|sign-in|sign-up|.*\\.).*)",
      has: [{ type: "header", key: "sec-fetch-dest", value: "document" }],
    },
  ],
};
