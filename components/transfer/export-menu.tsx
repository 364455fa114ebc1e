import Download from "lucide-react/icons/download";
import { MenuItem, MenuMore } from "#components/ui/menu.tsx";
import { download } from "./download.ts";

const formats = [
  { format: "json", label: "JSON", part: "all branches" },
  { format: "markdown", label: "Markdown", part: "this branch" },
  { format: "html", label: "HTML", part: "this branch" },
];

interface ExportProps {
  conversation: string;
  /** The branch that is shown; without it, what is printed is the current one. */
  branch?: string;
}

/** The formats in which a conversation leaves, as items of a menu. */
export function ExportItems({ conversation, branch }: ExportProps) {
  return formats.map(({ format, label, part }) => (
    <MenuItem
      key={format}
      onSelect={() => {
        const wish = new URLSearchParams({ conversation, format, ...(branch ? { branch } : {}) });
        download(`/api/export?${wish}`);
      }}
    >
      {label}
      <span className="ml-auto pl-4 text-small text-ink-3">{part}</span>
    </MenuItem>
  ));
}

/** The same as a menu inside the menu. */
export function ExportMenu(props: ExportProps) {
  return (
    <MenuMore label="Export" icon={<Download aria-hidden size={15} />}>
      <ExportItems {...props} />
    </MenuMore>
  );
}
