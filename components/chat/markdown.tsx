"use client";

import dynamic from "next/dynamic";
import { memo, Suspense } from "react";

const load = () => import("./markdown-view.tsx");
const View = dynamic(load);

/** Fetches the renderer before it is needed. */
export const preloadMarkdown = (): void => void load();

/** What an agent wrote. The renderer is large, so it comes when the first answer does; until then the words stand plain. */
export const Markdown = memo(function Markdown({ text, live }: { text: string; live: boolean }) {
  return (
    <Suspense fallback={<p className="text-read wrap-anywhere whitespace-pre-wrap">{text}</p>}>
      <View text={text} live={live} />
    </Suspense>
  );
});
