import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { namespaces, users } from "#db/schema.ts";
import type { User } from "#lib/access.ts";
import { startingNamespaces } from "#lib/namespaces.ts";

/** Makes the tables of a new database, and these people in it. */
export async function migrateWith(...people: User[]): Promise<void> {
  await migrate(client());
  await migrateSessions(client());
  for (const user of people) await addPerson(user);
}

/** A person with the namespaces that everybody begins with. */
export async function addPerson(user: User): Promise<User> {
  await database().insert(users).values(user);
  await database().insert(namespaces).values(startingNamespaces(user.id));
  return user;
}
