import { harden } from "rehype-harden";
import { type Components, Streamdown } from "streamdown";
import { Code } from "./markdown-code.tsx";
import { Picture } from "./markdown-picture.tsx";
import { useMath } from "./math.ts";
import "./prose.css";

/** Raw HTML is shown as the text it is: no plugin here turns it into elements. */
const plugins = [
  [
    harden,
    { allowedLinkPrefixes: ["*"], allowedImagePrefixes: ["*"], allowDataImages: true, linkBlockPolicy: "text-only" },
  ],
] satisfies Parameters<typeof Streamdown>[0]["rehypePlugins"];

const safe = /^(https?:|mailto:)/i;

/** How these elements look stands in prose.css; without this, the renderer gives them classes of its own. */
const components: Components = {
  blockquote: "blockquote",
  h1: "h1",
  h2: "h2",
  h3: "h3",
  h4: "h4",
  h5: "h5",
  h6: "h6",
  hr: "hr",
  li: "li",
  ol: "ol",
  p: "p",
  strong: "strong",
  sub: "sub",
  sup: "sup",
  tbody: "tbody",
  td: "td",
  th: "th",
  thead: "thead",
  tr: "tr",
  ul: "ul",
  input: ({ checked }) => (
    <input type="checkbox" checked={checked} disabled readOnly aria-label={checked ? "Done" : "Not done"} />
  ),
  a({ href, children }) {
    if (!href || !safe.test(href)) return <span>{children}</span>;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  img: ({ src, alt }) => <Picture source={typeof src === "string" ? src : ""} alt={alt ?? ""} />,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <div className="scroll" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  code: ({ className, children }) => <Code className={className}>{children}</Code>,
  inlineCode: ({ children }) => <code>{children}</code>,
};

export default function MarkdownView({ text, live }: { text: string; live: boolean }) {
  const math = useMath(text);
  return (
    <Streamdown
      className="prose"
      dir="auto"
      mode="streaming"
      parseIncompleteMarkdown={live}
      components={components}
      rehypePlugins={plugins}
      plugins={math}
      controls={false}
      linkSafety={{ enabled: false }}
      data-live={live || undefined}
    >
      {text}
    </Streamdown>
  );
}
