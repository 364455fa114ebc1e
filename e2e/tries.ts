import { randomUUID } from "node:crypto";
import type { Things } from "./things.ts";
import type { Sent } from "./visitor.ts";

/** What is tried at each door with somebody else's ids. A door without an entry here fails the tests. */

type Make<Attempt> = (theirs: Things, mine: Things) => Attempt[];

export interface Tries<Attempt> {
  /** Works for who owns the things; for everybody else it is as if they did not exist. */
  refused?: Make<Attempt>;
  /** Works for everybody, and concerns only their own. */
  apart?: Make<Attempt>;
  /** Whoever does this is gone or signed out afterwards. */
  spends?: true;
  /** A guest has nothing of the kind. */
  membersOnly?: true;
}

export const pageTries: Record<string, Tries<string>> = {
  "/": {
    refused: (theirs, mine) => [
      `/c/${theirs.conversation}`,
      `/c/${theirs.conversation}?branch=${theirs.other}`,
      `/c/${mine.conversation}?branch=${theirs.other}`,
      `/c/${theirs.conversation}?conversation=${mine.conversation}`,
      `/?conversation=${theirs.conversation}`,
    ],
    apart: (theirs) => [`/?namespace=${theirs.namespace}`],
  },
  "/admin": { refused: () => ["/admin"] },
  "/agents": { apart: () => ["/agents"] },
  "/c/[conversation]/compare": {
    refused: (theirs, mine) => [
      `/c/${theirs.conversation}/compare?branch=${theirs.branch}&with=${theirs.other}`,
      `/c/${mine.conversation}/compare?branch=${mine.branch}&with=${theirs.other}`,
    ],
  },
  "/c/[conversation]/map": {
    refused: (theirs) => [`/c/${theirs.conversation}/map`, `/c/${theirs.conversation}/map?view=list`],
  },
  "/search": {
    apart: (theirs) => [`/search?q=${theirs.word}`, `/search?q=${theirs.word}&from=9999999999999999.0`],
  },
  "/settings": { apart: () => ["/settings"] },
  "/settings/data": { apart: () => ["/settings/data"] },
  "/sign-in": { apart: (theirs) => [`/sign-in?next=/c/${theirs.conversation}`] },
  "/sign-up": { apart: (theirs) => [`/sign-up?next=/c/${theirs.conversation}`] },
};

export interface Request extends Sent {
  path: string;
}

const aFile = { "content-type": "application/octet-stream" };

export const routeTries: Record<string, Tries<Request>> = {
  "GET /api/auth/[...nextauth]": { apart: (theirs) => [{ path: `/api/auth/session?id=${theirs.person}` }] },
  "POST /api/auth/[...nextauth]": {
    apart: (theirs) => [
      { path: "/api/auth/session", body: { data: { sub: theirs.person, user: { id: theirs.person } } } },
    ],
  },
  "GET /api/conversations/[conversation]/messages": {
    refused: (theirs, mine) => [
      { path: `/api/conversations/${theirs.conversation}/messages?branch=${theirs.branch}&before=2` },
      { path: `/api/conversations/${theirs.conversation}/messages?branch=${mine.branch}&around=0` },
      { path: `/api/conversations/${mine.conversation}/messages?branch=${theirs.branch}&after=0` },
    ],
  },
  "GET /api/export": {
    refused: (theirs, mine) => [
      ...["json", "markdown", "html"].map((format) => ({
        path: `/api/export?conversation=${theirs.conversation}&format=${format}`,
      })),
      { path: `/api/export?conversation=${mine.conversation}&branch=${theirs.other}` },
      { path: `/api/export?namespace=${theirs.namespace}` },
    ],
    apart: () => [{ path: "/api/export" }],
  },
  "GET /api/export/progress": { apart: () => [{ path: "/api/export/progress" }] },
  "POST /api/export/stop": { apart: (theirs) => [{ path: "/api/export/stop", body: { id: theirs.upload } }] },
  "GET /api/health": { apart: () => [{ path: "/api/health" }] },
  "POST /api/import": {
    apart: () => [{ path: "/api/import?name=a.json", body: "[]", headers: aFile }],
  },
  "GET /api/import/[import]": {
    refused: (theirs) => [
      { path: `/api/import/${theirs.upload}` },
      { path: `/api/import/${theirs.upload}?list=plain` },
    ],
  },
  "GET /api/search": {
    apart: (theirs) => [
      { path: `/api/search?q=${theirs.word}` },
      { path: `/api/search?q=${encodeURIComponent(`namespace:${theirs.namespace}`)}` },
    ],
  },
  "GET /api/inbox": {
    refused: (theirs) => [{ path: `/api/inbox?person=${theirs.person}`, endless: true }],
    apart: (theirs) => [{ path: `/api/inbox?user=${theirs.person}`, endless: true }],
  },
  "GET /api/runs/[run]/events": {
    refused: (theirs) => [
      { path: `/api/runs/${theirs.run}/events` },
      { path: `/api/runs/${theirs.run}/events`, headers: { "last-event-id": "1" } },
    ],
    apart: (theirs, mine) => [{ path: `/api/runs/${mine.run}/events?run=${theirs.run}` }],
  },
  "POST /api/runs/[run]/stop": {
    refused: (theirs) => [{ path: `/api/runs/${theirs.run}/stop` }],
    apart: (theirs, mine) => [{ path: `/api/runs/${mine.run}/stop`, body: { run: theirs.run } }],
  },
};

const connection: Tries<unknown> = {
  refused: (_theirs, { model }) => [{ kind: "compatible", baseUrl: model, api: "chat", model: "other", apiKey: "key" }],
};
const wish = { color: "support", defaultAgent: "support", retentionDays: null };
const one: Tries<unknown> = { refused: (theirs) => [{ id: theirs.conversation }] };

/** Each with the argument of the action. In this order the owner can do one after the other. */
export const actionTries: Record<string, Tries<unknown>> = {
  loadSidebar: { apart: () => [{}] },
  loadConversations: {
    apart: (theirs) => [
      { namespace: theirs.namespace },
      { before: { activeAt: 9_999_999_999_999, id: theirs.conversation } },
      { namespace: theirs.namespace, archived: true },
    ],
  },
  pinConversation: one,
  unpinConversation: one,
  archiveConversation: one,
  unarchiveConversation: one,
  markConversationRead: one,
  renameConversation: { refused: (theirs) => [{ id: theirs.conversation, title: "Taken over" }] },
  moveConversation: {
    refused: (theirs, mine) => [
      { id: theirs.conversation, namespace: mine.namespace },
      { id: mine.conversation, namespace: theirs.namespace },
    ],
  },
  restoreConversation: { refused: (theirs) => [{ id: theirs.binned }] },
  makeCurrent: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, branch: theirs.other },
      { conversation: mine.conversation, branch: theirs.branch },
    ],
  },
  branchFrom: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, branch: theirs.branch, position: 1 },
      { conversation: mine.conversation, branch: theirs.branch, position: 1 },
    ],
  },
  forkConversation: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, namespace: mine.namespace },
      { conversation: mine.conversation, namespace: theirs.namespace },
      { conversation: mine.conversation, branch: theirs.branch, namespace: mine.namespace },
    ],
  },
  listBranches: { refused: (theirs) => [{ conversation: theirs.conversation }] },
  renameBranch: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, branch: theirs.other, name: "Taken over" },
      { conversation: mine.conversation, branch: theirs.other, name: "Taken over" },
    ],
  },
  restoreBranch: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, undo: theirs.undo },
      { conversation: mine.conversation, undo: theirs.undo },
    ],
  },
  switchAgent: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, branch: theirs.branch, agent: "billing" },
      { conversation: mine.conversation, branch: theirs.branch, agent: "billing" },
    ],
  },
  decide: {
    refused: (theirs) => [{ id: theirs.waiting, call: theirs.call, approved: true }],
  },
  editQueued: { refused: (theirs) => [{ id: theirs.queued, text: "Taken over" }] },
  removeQueued: { refused: (theirs) => [{ id: theirs.queued }] },
  sendQueued: {
    refused: (theirs) => [{ conversation: theirs.conversation, branch: theirs.branch }],
    apart: (theirs, mine) => [{ conversation: mine.conversation, branch: theirs.branch }],
  },
  send: {
    refused: (theirs, mine) => [
      { operation: randomUUID(), text: "Go on", conversation: theirs.conversation },
      { operation: randomUUID(), text: "Go on", conversation: mine.conversation, branch: theirs.other },
      { operation: randomUUID(), text: "Go on", namespace: theirs.namespace },
    ],
  },
  tryAgain: {
    refused: (theirs, mine) => [
      { operation: randomUUID(), conversation: theirs.conversation, branch: theirs.branch, position: 1 },
      { operation: randomUUID(), conversation: mine.conversation, branch: theirs.branch, position: 1 },
    ],
  },
  queueMessage: {
    refused: (theirs, mine) => [
      { operation: randomUUID(), text: "Go on", conversation: theirs.conversation, branch: theirs.branch },
      { operation: randomUUID(), text: "Go on", conversation: mine.conversation, branch: theirs.branch },
    ],
  },
  performImport: {
    refused: (theirs, mine) => [
      { id: theirs.upload, namespace: mine.namespace },
      { id: mine.secondUpload, namespace: theirs.namespace },
    ],
  },
  examineAgain: { refused: (theirs) => [{ id: theirs.thirdUpload }] },
  discardImport: { refused: (theirs) => [{ id: theirs.upload }] },
  createNamespace: { apart: (theirs) => [{ ...wish, label: theirs.namespace }] },
  editNamespace: { refused: (theirs) => [{ ...wish, type: theirs.namespace, label: "Taken over" }] },
  deleteBranch: {
    refused: (theirs, mine) => [
      { conversation: theirs.conversation, branch: theirs.other },
      { conversation: mine.conversation, branch: theirs.branch },
    ],
  },
  deleteConversation: one,
  removeNamespace: {
    refused: (theirs, mine) => [
      { type: mine.spare, to: theirs.namespace },
      { type: theirs.namespace, to: "general" },
    ],
  },
  testConnection: connection,
  saveConnection: connection,
  removeConnection: { refused: () => [{}] },
  changeName: { apart: () => [{ name: "Somebody" }] },
  changePassword: {
    apart: () => [{ current: "", next: "a new password of mine" }],
    spends: true,
    membersOnly: true,
  },
  signOutEverywhere: { apart: () => [{}], spends: true },
  deleteAccount: { apart: () => [{ password: "" }], spends: true },
};

/** The open actions, each with the fields of its form. */
export const formTries: Record<string, Tries<Record<string, string>>> = {
  signUp: { apart: (theirs) => [{ name: "Mallory", email: theirs.email, password: "a password of mine" }] },
  signIn: { apart: (theirs) => [{ email: theirs.email, password: "a password of mine" }] },
  continueAsGuest: { apart: (theirs) => [{ id: theirs.person, next: `/c/${theirs.conversation}` }], spends: true },
  continueWith: { apart: (theirs) => [{ provider: theirs.person, next: `/c/${theirs.conversation}` }] },
  signOut: { apart: () => [{}], spends: true },
};
