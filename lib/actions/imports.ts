"use server";

import { z } from "zod";
import { ownNamespace } from "#lib/access.ts";
import { action } from "#lib/guard.ts";
import * as jobs from "#lib/transfer/jobs.ts";

const id = z.string().min(1);

export const performImport = action(z.object({ id, namespace: z.string() }), async (user, input) =>
  jobs.performImport(user, input.id, await ownNamespace(user, input.namespace)),
);

export const examineAgain = action(z.object({ id }), async (user, input) => jobs.examineAgain(user, input.id));

export const discardImport = action(z.object({ id }), async (user, input) => jobs.discardImport(user, input.id));
