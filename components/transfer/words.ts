import type { ShownImport } from "#lib/transfer/jobs.ts";

/** How the page says numbers of conversations. */

export const conversations = (count: number): string =>
  count === 1 ? "1 conversation" : `${count.toLocaleString("en")} conversations`;

type Counts = ShownImport["counts"];

/** What a dry run found, in sentences. */
export function found({ new: fresh, binned, present, refused }: Counts): string {
  return [
    fresh > 0 && `${conversations(fresh)} can come in.`,
    binned > 0 && `${conversations(binned)} can come back from the bin.`,
    present > 0 && `${conversations(present)} ${present === 1 ? "is" : "are"} here already.`,
    refused > 0 && `${refused === 1 ? "1 entry" : `${refused.toLocaleString("en")} entries`} can't be read.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** What an import has done, in sentences; never a success when nothing came in. */
export function done({ imported, restored, present, refused }: Counts): string {
  const came = [
    imported > 0 && `${conversations(imported)} came in.`,
    restored > 0 && `${conversations(restored)} came back from the bin.`,
  ].filter(Boolean);
  return [
    ...(came.length > 0 ? came : ["Nothing came in."]),
    present > 0 && `${conversations(present)} ${present === 1 ? "was" : "were"} here already.`,
    refused > 0 && `${refused === 1 ? "1 entry" : `${refused.toLocaleString("en")} entries`} could not be read.`,
  ]
    .filter(Boolean)
    .join(" ");
}
