"use client";

import ArrowDown from "lucide-react/icons/arrow-down";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { BranchMenu } from "#components/branches/branch-menu.tsx";
import { ForkedFrom } from "#components/branches/forked-from.tsx";
import { ThreadMenu } from "#components/branches/thread-menu.tsx";
import { watchBeginnings } from "#components/sidebar/events.ts";
import { useNewsOf } from "#components/sidebar/use-news-of.ts";
import { Alert } from "#components/ui/alert.tsx";
import { classes } from "#components/ui/classes.ts";
import { Dot } from "#components/ui/dot.tsx";
import { Select } from "#components/ui/select.tsx";
import { alarm } from "#components/ui/toast.tsx";
import { switchAgent } from "#lib/actions/runs.ts";
import type { Kinship } from "#lib/forks.ts";
import type { Thread as ThreadData } from "#lib/thread.ts";
import { faceOf } from "./agents.ts";
import { Composer } from "./composer.tsx";
import { useFollowEnd } from "./follow-end.ts";
import { Greeting } from "./greeting.tsx";
import { Header, type NamespaceFace } from "./header.tsx";
import { shownOf } from "./held.ts";
import { KeepStill } from "./keep-still.tsx";
import type { Edge as EdgeName } from "./line-state.ts";
import { type ModelFace, ModelLine } from "./model-line.tsx";
import { textOf } from "./pieces.ts";
import { Thread } from "./thread.tsx";
import { ThreadActionsContext } from "./thread-actions.ts";
import { useEscape } from "./use-escape.ts";
import { useLine } from "./use-line.ts";
import { useSending } from "./use-sending.ts";
import { useThreadCommands } from "./use-thread-commands.ts";

/** A new conversation needs neither. */
const Anchor = dynamic(() => import("./anchor.tsx"));
const Edge = dynamic(() => import("./edge.tsx"));
/** Only where something is sent during an answer. */
const Waiting = dynamic(() => import("./waiting.tsx"));

export interface ChatProps {
  person: string;
  /** What the server knows of the conversation; null where one is to be begun. */
  thread: ThreadData | null;
  /** Which conversations it is a fork of, or they of it. */
  kinship: Kinship | null;
  namespaces: (NamespaceFace & { defaultAgent: string })[];
  model: ModelFace;
  /** Where and with whom to begin, when the address says so. */
  begin: { namespace?: string; agent?: string };
  /** Hears which conversation has begun here. */
  onBegun: (conversation: string) => void;
  /** Another one is to begin in the place of the one that has. */
  onAnew: () => void;
}

/** One conversation: its thread, and where the next message is written. */
export function Chat({ person, thread, kinship, namespaces, model, begin, onBegun, onAnew }: ChatProps) {
  const [namespace, setNamespace] = useState(
    thread?.conversation.namespace ?? begin.namespace ?? namespaces[0]?.type ?? "general",
  );
  const news = useNewsOf(thread?.conversation.id ?? null);
  const home = namespaces.find(({ type }) => type === (news.namespace ?? thread?.conversation.namespace ?? namespace));
  const { line, state } = useLine(
    person,
    thread,
    thread?.branch.agent ?? begin.agent ?? home?.defaultAgent ?? "assistant",
    onBegun,
  );
  const { messages, live, waiting, away } = state;
  const writing = live && !waiting;
  const shown = shownOf(state);

  const place = state.place?.conversation ?? null;
  const begun = messages.length > 0 || place !== null;
  // What begins here may have no address yet, or none that the router has taken up: it then tells of no other page.
  const unplaced = begun && thread === null;
  useEffect(() => {
    if (unplaced) return watchBeginnings(onAnew);
  }, [unplaced, onAnew]);

  /** Something waits, or did: its last words may still be on their way. */
  const [waits, setWaits] = useState(false);
  if (!waits && state.queue.length > 0) setWaits(true);

  const box = useRef<HTMLDivElement>(null);
  /** All that scrolls in the box, what waits below the messages too. */
  const whole = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const returnToNewest = useCallback(() => line.window.newest(), [line]);
  const { atEnd, toEnd, hold } = useFollowEnd({ box, content: whole, away: away !== null, onReturn: returnToNewest });
  const reach = useCallback((position: number) => line.window.reach(position), [line]);
  useEffect(() => {
    if (atEnd && !live) line.window.shorten();
  }, [atEnd, live, line]);

  const commands = useThreadCommands(line, toEnd, hold);
  const { send, suggest, tooLate, takeBack, goOn } = useSending(line, { person, namespace, toEnd });

  const title = news.title ?? state.title ?? thread?.conversation.title ?? "New conversation";
  // Anew with the page: with another address Next takes its own away, and brings the next one a moment later.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page is what may have taken it away.
  useLayoutEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title, thread]);

  async function stop(): Promise<void> {
    if (!(await line.stop())) alarm("Stop did not reach the server. Check the connection, then press Stop again.");
  }
  useEscape(writing, stop);

  async function chooseAgent(agent: string): Promise<void> {
    const before = line.state().agent;
    line.choose(agent);
    const { place } = line.state();
    if (!place) return;
    const outcome = await switchAgent({ ...place, agent }).catch(() => null);
    if (outcome?.ok) return;
    line.choose(before);
    alarm(outcome?.error.message ?? "The agent was not switched: the server cannot be reached. Try again.");
  }

  function chooseNamespace(type: string): void {
    setNamespace(type);
    const agent = namespaces.find((each) => each.type === type)?.defaultAgent;
    if (agent) line.choose(agent);
  }

  const edgeProps = (edge: EdgeName, at: number) => ({
    ...{ box, edge, at },
    fetching: state.fetching === edge,
    failed: state.unfetched === edge,
    onNear: () => void line.window.more(edge),
  });

  return (
    <ThreadActionsContext value={commands}>
      <div className="flex h-full min-h-0 min-w-0 flex-1 flex-col">
        <Header
          title={title}
          namespace={begun ? home : undefined}
          archived={thread?.conversation.archived}
          branches={
            thread && (
              <>
                <BranchMenu
                  conversation={thread.conversation.id}
                  shown={state.place?.branch ?? thread.branch.id}
                  branches={thread.branches}
                  onLeave={() => line.release()}
                />
                <ForkedFrom from={kinship?.from ?? null} />
              </>
            )
          }
        >
          {thread && kinship && (
            <ThreadMenu
              conversation={thread.conversation.id}
              branch={state.place?.branch ?? thread.branch.id}
              branches={thread.branches.length}
              namespace={thread.conversation.namespace}
              namespaces={namespaces}
              kinship={kinship}
            />
          )}
        </Header>
        <p role="status" className="sr-only">
          {writing && `${faceOf(state.agent).name} is answering`}
          {waiting && `${faceOf(state.agent).name} waits for you to approve or reject`}
        </p>
        <div className="relative min-h-0 flex-1">
          <div
            ref={box}
            className="flex h-full flex-col-reverse overflow-x-hidden overflow-y-auto overscroll-contain data-alive:block"
          >
            <div
              ref={whole}
              className={classes(
                "mb-auto w-full px-3.5 pt-6 pb-2 sm:px-5",
                !begun && "flex min-h-full flex-col justify-end",
              )}
            >
              <KeepStill box={box} from={shown.from}>
                {shown.from > 0 && <Edge {...edgeProps("earlier", shown.from)} />}
                <div
                  ref={content}
                  role="log"
                  aria-label="Messages"
                  aria-busy={writing}
                  // What comes while one reads further up is not new.
                  aria-live={atEnd ? undefined : "off"}
                  className="mx-auto max-w-[744px]"
                >
                  <Thread
                    messages={shown.messages}
                    agent={state.agent}
                    live={writing}
                    editing={state.editing}
                    earlier={shown.from > 0}
                    later={away !== null}
                  />
                </div>
                {away && <Edge {...edgeProps("later", away.to)} />}
              </KeepStill>
              {thread && <Anchor {...{ content, hold, reach }} messages={shown.messages} page={thread} />}
              {!away && waits && (
                <div className="mx-auto max-w-[744px]">
                  <Waiting
                    queue={state.queue}
                    stuck={!live && messages.at(-1)?.metadata?.status !== "completed"}
                    onEdit={(message, text, was) => line.queue.edit(message, text, was)}
                    onTooLate={tooLate}
                    onTakeBack={(message) => void takeBack(message)}
                    onGoOn={() => void goOn()}
                  />
                </div>
              )}
              {!begun && (
                <div className="mx-auto w-full max-w-[744px]">
                  <Greeting agent={state.agent} onSuggest={(text) => void suggest(text)} />
                </div>
              )}
            </div>
          </div>
          {!atEnd && (
            <button
              type="button"
              onClick={toEnd}
              className="target appear absolute bottom-2 left-1/2 flex -translate-x-1/2 items-center gap-1.5 rounded-full border border-line bg-raise px-3 text-note font-medium text-ink-2 shadow-float hover:text-ink"
            >
              <ArrowDown aria-hidden size={15} />
              Jump to the newest
            </button>
          )}
        </div>
        <div className="px-2.5 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-5">
          {state.problem && <Alert className="mx-auto mb-2 max-w-[744px]">{state.problem}</Alert>}
          <p role="status" className="mx-auto max-w-[744px] text-small text-ink-2 not-empty:mb-2">
            {state.lost ? "The connection is lost. Trying again; the answer goes on without you." : ""}
          </p>
          <Composer
            person={person}
            conversation={place}
            agent={state.agent}
            live={live}
            stopping={state.stopping}
            onSend={send}
            onStop={() => void stop()}
            onChooseAgent={(agent) => void chooseAgent(agent)}
            onEditLast={() => {
              const own = messages.findLast((message) => message.role === "user");
              if (!own?.metadata || live) return;
              toEnd();
              line.edit({ position: own.metadata.position, text: textOf(own.parts) });
            }}
            onScrollKey={(key) => {
              const step = (box.current?.clientHeight ?? 0) * 0.85;
              box.current?.scrollBy({ top: key === "PageUp" ? -step : step });
            }}
          >
            {!begun && (
              <Select
                aria-label="Namespace"
                look="pill"
                before={home && <Dot square color={home.color} />}
                value={namespace}
                onChange={(event) => chooseNamespace(event.target.value)}
              >
                {namespaces.map(({ type, label }) => (
                  <option key={type} value={type}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Composer>
          <ModelLine model={model} />
        </div>
      </div>
    </ThreadActionsContext>
  );
}
