"use server";

import { z } from "zod";
import { endSessions, renameUser } from "#lib/accounts.ts";
import { record } from "#lib/audit.ts";
import { beginSession, endSession } from "#lib/auth.ts";
import { checked, nameField } from "#lib/fields.ts";
import { action } from "#lib/guard.ts";
import * as profile from "#lib/profile.ts";

const typed = z.string().max(1000);

export const changeName = action(
  z.object({ name: typed }),
  async (user, input) => {
    const name = checked(nameField, input.name);
    await renameUser(user, name);
    return { name };
  },
  { audit: "account.rename" },
);

/** Other devices are signed out; this one gets a new session. */
export const changePassword = action(
  z.object({ current: typed, next: typed }),
  async (user, input) => {
    await profile.changePassword(user, input);
    await beginSession("credentials", { email: user.email ?? "", password: input.next });
  },
  { audit: "account.change-password" },
);

export const signOutEverywhere = action(
  z.object({}),
  async (user) => {
    await endSessions(user);
    await endSession();
  },
  { audit: "account.sign-out-everywhere" },
);

export const deleteAccount = action(z.object({ password: typed }), async (user, input) => {
  await profile.closeAccount(user, input);
  await record({ userId: null, action: "account.delete" });
  await endSession();
});
