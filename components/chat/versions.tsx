import ChevronLeft from "lucide-react/icons/chevron-left";
import ChevronRight from "lucide-react/icons/chevron-right";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { MessageMetadata } from "#lib/thread.ts";

interface VersionsProps {
  versions: NonNullable<MessageMetadata["versions"]>;
  onShow: (branch: string) => void;
}

/** "2 / 3", and the way to the branches beside this one. */
export function Versions({ versions: { index, count, previous, next }, onShow }: VersionsProps) {
  return (
    <span className="-my-1.5 ml-auto inline-flex items-center text-small text-ink-2 tabular-nums">
      <IconButton label="Previous version" disabled={!previous} onClick={() => previous && onShow(previous)}>
        <ChevronLeft aria-hidden size={15} />
      </IconButton>
      <span>
        {index + 1} / {count}
      </span>
      <IconButton label="Next version" disabled={!next} onClick={() => next && onShow(next)}>
        <ChevronRight aria-hidden size={15} />
      </IconButton>
    </span>
  );
}
