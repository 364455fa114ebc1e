/**
 * Calls `whenGone` when the shell in which npm started this process has ended. npm passes a
 * signal to that shell only, which dies of it and would leave the server running on its own.
 */
export function watchParent(whenGone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    whenGone();
  }, 250);
  timer.unref();
}
