"use server";

import { z } from "zod";
import { ownConversation, ownNamespace } from "#lib/access.ts";
import { listConversations } from "#lib/conversation-rows.ts";
import * as conversations from "#lib/conversations.ts";
import { action } from "#lib/guard.ts";
import { sidebarContents } from "#lib/sidebar.ts";

const id = z.string().min(1).max(64);
const one = z.object({ id });
const cursor = z.object({ activeAt: z.number().int(), id });

export const loadSidebar = action(z.object({}), (user) => sidebarContents(user));

export const loadConversations = action(
  z.object({ namespace: z.string().max(100).optional(), archived: z.boolean().optional(), before: cursor.optional() }),
  (user, options) => listConversations(user, options),
);

export const renameConversation = action(
  z.object({ id, title: z.string().max(10_000) }),
  async (user, { id, title }) => conversations.rename(await ownConversation(user, id), title),
  { audit: "conversation.rename" },
);

export const pinConversation = action(
  one,
  async (user, { id }) => conversations.pin(await ownConversation(user, id), Date.now()),
  { audit: "conversation.pin" },
);

export const unpinConversation = action(
  one,
  async (user, { id }) => conversations.unpin(await ownConversation(user, id)),
  { audit: "conversation.unpin" },
);

export const moveConversation = action(
  z.object({ id, namespace: z.string().max(100) }),
  async (user, { id, namespace }) =>
    conversations.move(await ownConversation(user, id), await ownNamespace(user, namespace)),
  { audit: "conversation.move" },
);

export const archiveConversation = action(
  one,
  async (user, { id }) => conversations.archive(await ownConversation(user, id), Date.now()),
  { audit: "conversation.archive" },
);

export const unarchiveConversation = action(
  one,
  async (user, { id }) => conversations.unarchive(await ownConversation(user, id)),
  { audit: "conversation.unarchive" },
);

export const deleteConversation = action(
  one,
  async (user, { id }) => conversations.remove(await ownConversation(user, id), Date.now()),
  { audit: "conversation.delete" },
);

export const restoreConversation = action(
  one,
  async (user, { id }) => conversations.restore(await ownConversation(user, id, { binned: true })),
  { audit: "conversation.restore" },
);

export const markConversationRead = action(one, async (user, { id }) =>
  conversations.markRead(await ownConversation(user, id), Date.now()),
);
