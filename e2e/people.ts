import { join } from "node:path";
import { createClient } from "@libsql/client";
import type { BrowserContext } from "@playwright/test";
import { encode } from "next-auth/jwt";

export interface Person {
  id: string;
  name: string;
  email: string;
}

export const authSecret = "a secret that only the tests have";
const cookie = "authjs.session-token";

const namespaces = [
  ["general", "General", "assistant", "assistant"],
  ["support", "Support", "support", "triage"],
  ["orders", "Orders", "shopping", "shopping"],
  ["project", "Project", "technical", "technical"],
];

let made = 0;

/** Writes an account as signing up would have, without the form. `where`: a data folder, or the address of a database. */
export async function createPerson(where: string, name: string, role = "member"): Promise<Person> {
  made += 1;
  const id = `person-${process.pid}-${made}`;
  const email = `${name.toLowerCase()}-${made}@example.com`;
  const now = Date.now();
  const client = createClient({
    url: where.includes("://") ? where : `file:${join(where, "switchboard.db")}`,
    timeout: 5000,
  });
  await client.batch(
    [
      {
        sql: "insert into users (id, name, email, role, sessions_valid_from, created_at) values (?, ?, ?, ?, 0, ?)",
        args: [id, name, email, role, now],
      },
      ...namespaces.map(([type = "", label = "", color = "", agent = ""], place) => ({
        sql: "insert into namespaces (user_id, type, label, color, default_agent, created_at) values (?, ?, ?, ?, ?, ?)",
        args: [id, type, label, color, agent, now + place],
      })),
    ],
    "write",
  );
  client.close();
  return { id, name, email };
}

const tokenOf = ({ id }: Person): Promise<string> =>
  encode({ token: { sub: id, began: Date.now() }, secret: authSecret, salt: cookie });

/** Gives a browser the session that signing in would have given it. */
export async function signIn(context: BrowserContext, url: string, person: Person): Promise<void> {
  const value = await tokenOf(person);
  await context.addCookies([{ name: cookie, value, url, httpOnly: true, sameSite: "Lax" }]);
}

/** The same session as the header of a request. */
export const cookieOf = async (person: Person): Promise<string> => `${cookie}=${await tokenOf(person)}`;
