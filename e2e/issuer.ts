import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** Somebody with an account at the other provider. */
export interface Claims {
  sub: string;
  name: string;
  email: string;
  email_verified: boolean;
}

export interface Issuer {
  url: string;
  /** Who signs in there from now on, without being asked. */
  person: Claims;
  stop: () => Promise<void>;
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An OpenID Connect provider that lets everybody in at once: discovery, keys, codes and signed tokens. */
export async function startIssuer(person: Claims): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const granted = new Map<string, { audience: string; person: Claims }>();

  function tokenFor(code: string | null) {
    const grant = granted.get(code ?? "");
    if (!grant) throw new Error("An unknown code was exchanged.");
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer.url, aud: grant.audience, iat: now, exp: now + 60, ...grant.person };
    const signed = `${base64({ alg: "RS256", kid: "1" })}.${base64(claims)}`;
    const signature = createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url");
    return { access_token: "unused", token_type: "Bearer", expires_in: 60, id_token: `${signed}.${signature}` };
  }

  function authorize(query: URLSearchParams): string {
    const code = randomUUID();
    granted.set(code, { audience: query.get("client_id") ?? "", person: issuer.person });
    const back = new URL(query.get("redirect_uri") ?? "");
    back.search = `${new URLSearchParams({ code, state: query.get("state") ?? "" })}`;
    return back.href;
  }

  async function answerTo(request: IncomingMessage): Promise<unknown> {
    const { pathname } = new URL(request.url ?? "", issuer.url);
    if (pathname === "/keys") return { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256" }] };
    if (pathname === "/token") return tokenFor(new URLSearchParams(await text(request)).get("code"));
    return {
      issuer: issuer.url,
      authorization_endpoint: `${issuer.url}/authorize`,
      token_endpoint: `${issuer.url}/token`,
      jwks_uri: `${issuer.url}/keys`,
      userinfo_endpoint: `${issuer.url}/userinfo`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", issuer.url);
    if (pathname === "/authorize") return response.writeHead(302, { location: authorize(searchParams) }).end();
    response.setHeader("content-type", "application/json").end(JSON.stringify(await answerTo(request)));
  }).listen(0);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The provider has no port.");
  const issuer: Issuer = {
    url: `http://localhost:${address.port}`,
    person,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return issuer;
}
