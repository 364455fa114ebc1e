import { childrenOf, type Fold } from "#lib/outline-tree.ts";
import { MapPoint } from "./map-point.tsx";

interface MapListProps {
  conversation: string;
  nodes: readonly Fold[];
}

/** The same tree in words: one list, and a list in it for each way where it parts. */
export function MapList({ conversation, nodes }: MapListProps) {
  const children = childrenOf(nodes);
  const ways = children.get(null) ?? [];
  return ways.map((way, place) => (
    <div key={way.id}>
      {ways.length > 1 && <WayLabel place={place} of={ways.length} />}
      <Stretch first={way} conversation={conversation}>
        {children}
      </Stretch>
    </div>
  ));
}

function WayLabel({ place, of }: { place: number; of: number }) {
  return (
    <p className="px-2 text-small text-ink-3">
      Way {place + 1} of {of}
    </p>
  );
}

interface StretchProps {
  first: Fold;
  conversation: string;
  children: ReadonlyMap<string | null, Fold[]>;
}

function Stretch({ first, conversation, children }: StretchProps) {
  const stretch = [first];
  let ways = children.get(first.id) ?? [];
  for (let [only] = ways; only && ways.length === 1; [only] = ways) {
    stretch.push(only);
    ways = children.get(only.id) ?? [];
  }
  return (
    <ul className="grid gap-0.5 border-l-2 border-line pl-2">
      {stretch.map((fold) => (
        <li key={fold.id}>
          <MapPoint fold={fold} conversation={conversation} className="rounded-control px-2 py-1.5" />
        </li>
      ))}
      {ways.map((way, place) => (
        <li key={way.id} className="py-1">
          <WayLabel place={place} of={ways.length} />
          <Stretch first={way} conversation={conversation}>
            {children}
          </Stretch>
        </li>
      ))}
    </ul>
  );
}
