"use client";

import { Children, isValidElement, type ReactNode } from "react";
import { useIsCodeFenceIncomplete } from "streamdown";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { useHighlighting } from "./highlight.ts";

function wordsOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (isValidElement<{ children?: ReactNode }>(node)) return wordsOf(node.props.children);
  return Array.isArray(node) ? Children.toArray(node).map(wordsOf).join("") : "";
}

/** A token has one colour for each theme. */
const colorOf = (style: Record<string, string> = {}) => `light-dark(${style.color}, ${style["--shiki-dark"]})`;

/** A block of code: its language, a button that copies it, and lines that scroll inside it. */
export function Code({ className, children }: { className?: string; children?: ReactNode }) {
  const language = /language-([^\s]+)/.exec(className ?? "")?.[1] ?? "";
  const code = wordsOf(children).replace(/\n$/, "");
  const incomplete = useIsCodeFenceIncomplete();
  const lines = useHighlighting(code, language, incomplete);
  return (
    <div className="code" dir="ltr">
      <div className="code-head">
        <span>{language || "text"}</span>
        <CopyButton label="Copy code" text={() => code} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */}
      <pre tabIndex={0}>
        <code>
          {lines
            ? lines.map((line, number) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
                <span key={number} className="line">
                  {line.map((token) => (
                    <span key={token.offset} style={{ color: colorOf(token.htmlStyle) }}>
                      {token.content}
                    </span>
                  ))}
                  {"\n"}
                </span>
              ))
            : code}
        </code>
      </pre>
    </div>
  );
}
