import { Component, type ReactNode, type RefObject } from "react";

interface KeepStillProps {
  box: RefObject<HTMLElement | null>;
  /** Changes when what is above the reader does. */
  from: number;
  children: ReactNode;
}

interface Seen {
  id: string;
  top: number;
}

/** What the reader looks at stays where it is on the screen when messages come or go above it. */
export class KeepStill extends Component<KeepStillProps> {
  override getSnapshotBeforeUpdate(before: KeepStillProps): Seen | null {
    const box = this.props.box.current;
    if (!box || before.from === this.props.from) return null;
    const top = box.getBoundingClientRect().top;
    for (const element of box.querySelectorAll('[id^="m-"]')) {
      const place = element.getBoundingClientRect();
      if (place.bottom > top) return { id: element.id, top: place.top };
    }
    return null;
  }

  override componentDidUpdate(_props: KeepStillProps, _state: unknown, seen: Seen | null): void {
    const box = this.props.box.current;
    const element = seen && document.getElementById(seen.id);
    if (box && element) box.scrollTop += element.getBoundingClientRect().top - seen.top;
  }

  override render(): ReactNode {
    return this.props.children;
  }
}
