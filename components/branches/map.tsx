"use client";

import "@xyflow/react/dist/base.css";
import { Background, type Edge, type Node, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import Maximize from "lucide-react/icons/maximize";
import Minus from "lucide-react/icons/minus";
import Plus from "lucide-react/icons/plus";
import { type KeyboardEvent, useMemo } from "react";
import { faceOf } from "#components/chat/agents.ts";
import { colorOf } from "#components/ui/color.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { Fold } from "#lib/outline-tree.ts";
import { cell, placeNodes } from "./map-layout.ts";
import { MapNode, type MapNodeData } from "./map-node.tsx";

export interface MapProps {
  conversation: string;
  nodes: readonly Fold[];
  /** Where the current branch ends. */
  end: string | null;
}

const nodeTypes = { point: MapNode };
const size = { width: cell.width - 32, height: cell.height - 36 };
const pans: Record<string, [number, number]> = {
  ArrowUp: [0, 80],
  ArrowDown: [0, -80],
  ArrowLeft: [80, 0],
  ArrowRight: [-80, 0],
};

/** The tree of a conversation as a picture, drawn as the cord is: in the colours of who is on the line. */
export function BranchMap(props: MapProps) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function Picture({ conversation, nodes, end }: MapProps) {
  const flow = useReactFlow();
  const drawn = useMemo(() => draw(conversation, nodes), [conversation, nodes]);
  const first = useMemo(() => firstSight(nodes, end), [nodes, end]);

  function move(event: KeyboardEvent) {
    const step = pans[event.key];
    if (event.key === "+" || event.key === "=") void flow.zoomIn();
    else if (event.key === "-") void flow.zoomOut();
    else if (event.key === "0") void flow.fitView();
    else if (step) {
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x + step[0], y: y + step[1], zoom });
    } else return;
    event.preventDefault();
  }

  return (
    <section aria-label="Map" onKeyDown={move} className="relative h-full min-h-80">
      <ReactFlow
        nodes={drawn.nodes}
        edges={drawn.edges}
        nodeTypes={nodeTypes}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        proOptions={{ hideAttribution: true }}
        minZoom={0.008}
        maxZoom={1.5}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: 0.6, nodes: first }}
      >
        <Background color="var(--line-strong)" gap={24} />
      </ReactFlow>
      <div className="absolute right-3 bottom-3 flex gap-1 rounded-card border border-line bg-raise p-1">
        <IconButton label="Zoom in" onClick={() => void flow.zoomIn()}>
          <Plus aria-hidden size={16} />
        </IconButton>
        <IconButton label="Zoom out" onClick={() => void flow.zoomOut()}>
          <Minus aria-hidden size={16} />
        </IconButton>
        <IconButton label="Show all" onClick={() => void flow.fitView()}>
          <Maximize aria-hidden size={15} />
        </IconButton>
      </div>
    </section>
  );
}

const fewNodes = 30;
const wayBack = 6;

/** What is shown first of a tree that is too large to be read as a whole: the end of the current branch. */
function firstSight(nodes: readonly Fold[], end: string | null): Fold[] | undefined {
  if (nodes.length <= fewNodes) return undefined;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sight: Fold[] = [];
  for (let node = byId.get(end ?? ""); node && sight.length < wayBack; node = byId.get(node.parent ?? "")) {
    sight.push(node);
  }
  return sight.length > 0 ? sight : nodes.slice(0, 1);
}

function draw(conversation: string, nodes: readonly Fold[]): { nodes: Node<MapNodeData>[]; edges: Edge[] } {
  const places = placeNodes(nodes);
  return {
    nodes: nodes.map((fold) => ({
      id: fold.id,
      type: "point",
      position: places.get(fold.id) ?? { x: 0, y: 0 },
      ...size,
      initialWidth: size.width,
      initialHeight: size.height,
      data: { fold, conversation },
    })),
    edges: nodes.flatMap(({ id, parent, agent }) =>
      parent === null
        ? []
        : [
            {
              id,
              source: parent,
              target: id,
              style: { stroke: agent ? colorOf(faceOf(agent).color) : "var(--line-strong)", strokeWidth: 2 },
            },
          ],
    ),
  };
}
