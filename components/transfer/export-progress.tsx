import { Button } from "#components/ui/button.tsx";
import { alarm } from "#components/ui/toast.tsx";
import type { ShownExport } from "#lib/transfer/exports.ts";
import { Progress } from "./progress.tsx";
import { stopExport } from "./use-exports.ts";
import { conversations } from "./words.ts";

/** How far an export is, the way to stop it, and what became of it. */
export function ExportProgress({ shown }: { shown: ShownExport }) {
  const { id, name, phase, written, total, bytes } = shown;
  const size = megabytes.format(bytes / 1e6);
  if (phase !== "running") {
    return (
      <p role="status" className="text-note text-ink-2">
        {phase === "done"
          ? `${name} is complete: ${conversations(written)}, ${size}.`
          : `The export was stopped. ${name} is not whole; delete it.`}
      </p>
    );
  }
  async function cancel() {
    if (!(await stopExport(id))) alarm("The server does not answer. Check the connection, then try again.");
  }
  return (
    <div className="grid gap-3 rounded-card border border-line bg-raise p-4">
      <Progress label={`Exporting to ${name}`} share={total > 0 ? written / total : 0} />
      <p className="text-note text-ink-2 tabular-nums">
        {written.toLocaleString("en")} of {conversations(total)}, {size}. Your browser downloads it, also when you leave
        this page.
      </p>
      <Button className="justify-self-start" onClick={() => void cancel()}>
        Cancel
      </Button>
    </div>
  );
}

const megabytes = new Intl.NumberFormat("en", { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
