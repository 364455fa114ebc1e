/** Of an answer with very many parts, so many are drawn until one asks for all. */
const mostParts = 200;

function Content({ piece, live, waiting }: { piece: Piece; live: boolean; waiting: boolean }) {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, piece.parts.length - mostParts);
  const last = piece.parts.at(-1);
  const writing = live && last?.type === "text" && last.text !== "";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1" style={{ "--caret": colorOf(faceOf(piece.agent).color) }}>
      {hidden > 0 && (
        <Button look="quiet" className="justify-self-start" onClick={() => setAll(true)}>
          Show {hidden.toLocaleString("en")} earlier steps
        </Button>
      )}
      {piece.parts.slice(hidden).map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts only ever come at the end.
        <PartView key={hidden + place} part={part} live={live && part === last} agent={piece.agent} waiting={waiting} />
      ))}
      {live && !writing && <Caret color={faceOf(piece.agent).color} />}
    </div>
  );
}

function PartView({ part, live, agent, waiting }: { part: Part; live: boolean; agent: string; waiting: boolean }) {
  const { decide } = useThreadActions();
  if (part.type === "text") return <Markdown text={part.text} live={live} />;
  if (part.type === "reasoning") return <Thought text={part.text} live={live} />;
  if (part.type !== "dynamic-tool") return null;
  if (part.state === "approval-requested") {
    return <Approval part={part} agent={faceOf(agent)} ready={waiting} onDecide={decide} />;
  }
  return <Step part={part} />;
}
