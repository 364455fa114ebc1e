"use server";

import { redirect } from "next/navigation";
import { beginSession, endSession, providerAddress } from "#lib/auth.ts";
import { safeDestination } from "#lib/destination.ts";
import { failureOf } from "#lib/guard.ts";

/** The ways in and out. They need nobody to be signed in, so they are forms of their own. */

export interface EntryState {
  error: string | null;
  /** What was typed, to be shown again; never a password. */
  name: string;
  email: string;
}

export async function signUp(_before: EntryState, form: FormData): Promise<EntryState> {
  return enter("sign-up", form);
}

export async function signIn(_before: EntryState, form: FormData): Promise<EntryState> {
  return enter("credentials", form);
}

export async function continueAsGuest(_before: EntryState, form: FormData): Promise<EntryState> {
  return enter("guest", form);
}

/** Leads to the sign-in page of another provider. */
export async function continueWith(_before: EntryState, form: FormData): Promise<EntryState> {
  let address: string;
  try {
    address = await providerAddress(text(form, "provider"), safeDestination(form.get("next")));
  } catch (error) {
    return { error: failureOf(error).message, name: "", email: "" };
  }
  redirect(address);
}

export async function signOut(): Promise<void> {
  await endSession();
  redirect("/sign-in");
}

async function enter(way: "sign-up" | "credentials" | "guest", form: FormData): Promise<EntryState> {
  const typed = { name: text(form, "name"), email: text(form, "email") };
  try {
    await beginSession(way, { ...typed, password: text(form, "password") });
  } catch (error) {
    return { ...typed, error: failureOf(error).message };
  }
  redirect(safeDestination(form.get("next")));
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
