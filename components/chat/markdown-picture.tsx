"use client";

import ImageIcon from "lucide-react/icons/image";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";

/** A picture from elsewhere is fetched only when asked for: the address alone can carry away what was said here. */
export function Picture({ source, alt }: { source: string; alt: string }) {
  const [wanted, setWanted] = useState(source.startsWith("data:image/"));
  if (wanted) {
    // biome-ignore lint/performance/noImgElement: the address is any on the web, which Next's loader must not fetch for us.
    return <img src={source} alt={alt} loading="lazy" referrerPolicy="no-referrer" />;
  }
  if (!URL.canParse(source)) return <span>{alt}</span>;
  return (
    <span className="my-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-note text-ink-2">
      <Button onClick={() => setWanted(true)}>
        <ImageIcon aria-hidden size={15} />
        Load image
      </Button>
      <span>
        {alt ? `${alt}, from ` : "From "}
        {new URL(source).host}
      </span>
    </span>
  );
}
