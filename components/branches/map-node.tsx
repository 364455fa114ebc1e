import { Handle, type Node, type NodeProps, Position, useReactFlow } from "@xyflow/react";
import type { Fold } from "#lib/outline-tree.ts";
import { MapPoint } from "./map-point.tsx";

/** A type, not an interface: only so does it count as a record, as nodes want it. */
export type MapNodeData = { fold: Fold; conversation: string };

const hidden = { opacity: 0 };

/** A point in the picture. What gets the focus is brought into sight, so that the next ones can be reached. */
export function MapNode({
  data,
  positionAbsoluteX: x,
  positionAbsoluteY: y,
  width = 0,
  height = 0,
}: NodeProps<Node<MapNodeData>>) {
  const flow = useReactFlow();
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} style={hidden} />
      <MapPoint
        {...data}
        className="pointer-events-auto h-full w-full overflow-hidden rounded-card border border-line bg-raise px-3 py-2"
        onFocus={(event) => {
          if (!event.target.matches(":focus-visible")) return;
          void flow.setCenter(x + width / 2, y + height / 2, { zoom: flow.getZoom() });
        }}
      />
      <Handle type="source" position={Position.Bottom} isConnectable={false} style={hidden} />
    </>
  );
}
