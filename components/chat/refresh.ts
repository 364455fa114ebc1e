/** Between two looks whether the server answers again, in milliseconds. */
const pause = 2000;

/**
 * Has the page asked for anew as soon as the server answers: where it does not, the router would have the browser
 * leave for its own error page, with all that is being written. Answers how to give it up.
 */
export function refreshWhenReached(refresh: () => void): () => void {
  let left = false;
  const look = async () => {
    const reached = await fetch("/api/health", { cache: "no-store" }).then(
      () => true,
      () => false,
    );
    if (left) return;
    if (reached) refresh();
    else setTimeout(look, pause);
  };
  void look();
  return () => {
    left = true;
  };
}
