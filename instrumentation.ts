export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const [{ bootOrExit }, { openLiveRoutes }] = await Promise.all([
      import("#lib/boot.ts"),
      import("#lib/live-response.ts"),
    ]);
    await bootOrExit();
    openLiveRoutes({
      "/api/inbox": () => import("#app/api/inbox/route.ts"),
      "/api/runs/:run/events": () => import("#app/api/runs/[run]/events/route.ts"),
    });
  }
}
