import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** What is tested is the production build, made afresh when the source has changed. */
export default function buildOnce(): void {
  const build = join(import.meta.dirname, "..", "scripts", "build.mjs");
  const program = `const { buildWhenStale } = await import(${JSON.stringify(build)});
    const complaint = await buildWhenStale();
    if (complaint) { console.error(complaint); process.exit(1); }`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], { stdio: "inherit" });
}
