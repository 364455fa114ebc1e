import { EventEmitter } from "node:events";
import { log } from "./log.ts";
import { type Connections, redis } from "./redis.ts";

/** Word that something of a person's has changed, to all of that person's tabs, wherever they are connected. */

type Listener = (conversation: string) => void;

interface Inbox {
  announce(user: string, conversation: string): void;
  listen(user: string, listener: Listener, onLost: () => void): () => void;
}

const shared = globalThis as typeof globalThis & { switchboardInbox?: Inbox };

function inbox(): Inbox {
  if (!shared.switchboardInbox) {
    const line = redis();
    shared.switchboardInbox = line ? throughRedis(line) : inProcess();
  }
  return shared.switchboardInbox;
}

/** Says that a conversation of this person has changed. Never throws: nothing depends on who hears it. */
export function announce(user: string, conversation: string): void {
  inbox().announce(user, conversation);
}

/**
 * Calls `listener` with the id of each conversation that changes, and `onLost` when words may have
 * been missed, for who has to look for themselves then. Returns how to stop it.
 */
export function listen(user: string, listener: Listener, onLost: () => void = () => {}): () => void {
  return inbox().listen(user, listener, onLost);
}

function inProcess(): Inbox {
  const words = new EventEmitter().setMaxListeners(0);
  return {
    announce: (user, conversation) => void words.emit(user, conversation),
    listen: (user, listener) => {
      words.on(user, listener);
      return () => words.off(user, listener);
    },
  };
}

const prefix = "switchboard:inbox:";

export function throughRedis({ commands, subscriber }: Connections): Inbox {
  const words = inProcess();
  const listeners = new Map<string, number>();
  const losers = new Set<{ onLost: () => void }>();
  let broken = false;
  const warn = (error: unknown) => log().warn({ err: error }, "Redis did not carry a word to other tabs");
  subscriber.on("message", (channel, conversation) => {
    if (channel.startsWith(prefix)) words.announce(channel.slice(prefix.length), conversation);
  });
  subscriber.on("close", () => {
    broken = true;
  });
  subscriber.on("ready", () => {
    if (broken) for (const { onLost } of [...losers]) onLost();
    broken = false;
  });
  return {
    announce: (user, conversation) => void commands.publish(prefix + user, conversation).catch(warn),
    listen: (user, listener, onLost) => {
      const leave = words.listen(user, listener, onLost);
      const loser = { onLost };
      losers.add(loser);
      const before = listeners.get(user) ?? 0;
      listeners.set(user, before + 1);
      if (before === 0) subscriber.subscribe(prefix + user).catch(warn);
      return () => {
        leave();
        losers.delete(loser);
        const left = (listeners.get(user) ?? 1) - 1;
        if (left > 0) return void listeners.set(user, left);
        listeners.delete(user);
        subscriber.unsubscribe(prefix + user).catch(warn);
      };
    },
  };
}
