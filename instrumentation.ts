export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { bootOrExit } = await import("#lib/boot.ts");
    await bootOrExit();
  }
}
