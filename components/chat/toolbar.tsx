import GitBranch from "lucide-react/icons/git-branch";
import Pencil from "lucide-react/icons/pencil";
import RotateCw from "lucide-react/icons/rotate-cw";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

interface ToolbarProps {
  text: () => string;
  /** Always in sight, not only under the pointer. */
  shown: boolean;
  onEdit?: () => void;
  onTryAgain?: () => void;
  onBranch?: () => void;
}

/** By touch, a button reaches beyond what is drawn: the row stays low, the target does not. */
const tool =
  "text-ink-3! hover:text-ink! min-h-8! min-w-9! pointer-coarse:relative pointer-coarse:after:absolute pointer-coarse:after:-inset-y-1.5 pointer-coarse:after:inset-x-0";

/** What can be done with a message. */
export function Toolbar({ text, shown, onEdit, onTryAgain, onBranch }: ToolbarProps) {
  return (
    <div
      className={classes(
        "-ml-2 flex h-8 items-center text-ink-3 transition-opacity",
        !shown &&
          "pointer-fine:opacity-0 pointer-fine:group-focus-within/message:opacity-100 pointer-fine:group-hover/message:opacity-100",
      )}
    >
      <CopyButton text={text} className={tool} />
      {onEdit && (
        <IconButton label="Edit" className={tool} onClick={onEdit}>
          <Pencil aria-hidden size={15} />
        </IconButton>
      )}
      {onTryAgain && (
        <IconButton label="Try again" className={tool} onClick={onTryAgain}>
          <RotateCw aria-hidden size={15} />
        </IconButton>
      )}
      {onBranch && (
        <IconButton label="Branch from here" className={tool} onClick={onBranch}>
          <GitBranch aria-hidden size={15} />
        </IconButton>
      )}
    </div>
  );
}
