"use client";

import CornerUpLeft from "lucide-react/icons/corner-up-left";
import Ellipsis from "lucide-react/icons/ellipsis";
import GitFork from "lucide-react/icons/git-fork";
import MapIcon from "lucide-react/icons/map";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ExportItems } from "#components/transfer/export-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "#components/ui/menu.tsx";
import type { Kinship } from "#lib/forks.ts";

const ForkDialog = dynamic(() => import("./fork-dialog.tsx").then(({ ForkDialog: Dialog }) => Dialog), { ssr: false });

interface ThreadMenuProps {
  conversation: string;
  branch: string;
  branches: number;
  namespace: string;
  namespaces: readonly { type: string; label: string }[];
  kinship: Kinship;
}

/** What can be done with the conversation as a whole, and where it came from. */
export function ThreadMenu({ kinship: { from, forks }, ...place }: ThreadMenuProps) {
  const [forking, setForking] = useState(false);
  const router = useRouter();
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="More about this conversation">
            <Ellipsis aria-hidden size={16} />
          </IconButton>
        }
      >
        <MenuItem icon={<GitFork aria-hidden size={15} />} onSelect={() => setForking(true)}>
          Fork into a new conversation
        </MenuItem>
        <MenuItem icon={<MapIcon aria-hidden size={15} />} onSelect={() => router.push(`/c/${place.conversation}/map`)}>
          Map of the conversation
        </MenuItem>
        <MenuLine />
        <MenuLabel>Export</MenuLabel>
        <ExportItems conversation={place.conversation} branch={place.branch} />
        {(from || forks.length > 0) && <MenuLine />}
        {from && (
          <MenuItem icon={<CornerUpLeft aria-hidden size={15} />} onSelect={() => router.push(`/c/${from.id}`)}>
            <span dir="auto" className="max-w-64 truncate">
              Forked from {from.title}
            </span>
          </MenuItem>
        )}
        {forks.length > 0 && <MenuLabel>Forks of this conversation</MenuLabel>}
        {forks.map(({ id, title }) => (
          <MenuItem key={id} icon={<GitFork aria-hidden size={15} />} onSelect={() => router.push(`/c/${id}`)}>
            <span dir="auto" className="max-w-64 truncate">
              {title}
            </span>
          </MenuItem>
        ))}
      </Menu>
      {forking && <ForkDialog {...place} onClose={() => setForking(false)} />}
    </>
  );
}
