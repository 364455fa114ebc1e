import { readFileSync } from "node:fs";

/**
 * Calls `whenGone` when the shell in which npm started this process has ended. npm passes a
 * signal to that shell only, which dies of it and would leave the server running on its own.
 */
export function watchParent(whenGone) {
  if (!process.env.npm_lifecycle_event) return;
  if (isAdopted()) return whenGone();
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    whenGone();
  }, 250);
  timer.unref();
}

/** A parent that had ended before anybody looked was followed by one that takes in orphans, from another process group. */
function isAdopted() {
  if (process.platform !== "linux") return process.ppid === 1;
  return groupOf("self") !== groupOf(process.ppid);
}

function groupOf(process) {
  try {
    // "PID (NAME) STATE PARENT GROUP ...", and a name may hold anything.
    const stat = readFileSync(`/proc/${process}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2];
  } catch {
    // It has ended in this moment.
    return undefined;
  }
}
