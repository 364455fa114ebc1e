"use client";

import { useEffect, useRef } from "react";

const gap = 6;

function place(tip: HTMLElement, target: Element): void {
  const at = target.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const above = at.top - height - gap;
  const left = at.left + at.width / 2 - width / 2;
  tip.style.top = `${above > gap ? above : at.bottom + gap}px`;
  tip.style.left = `${Math.min(Math.max(left, gap), window.innerWidth - width - gap)}px`;
}

/**
 * One tip for the whole page: shows the `data-tip` of what the pointer or the keyboard is on.
 * For the eye only; a screen reader has the name of the thing itself.
 */
export function Tips() {
  const tip = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const box = tip.current;
    if (!box) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let on: Element | null = null;

    /** A button that becomes another under the pointer: its tip would speak of what was. */
    const changes = new MutationObserver(() => hide());
    const hide = () => {
      clearTimeout(timer);
      changes.disconnect();
      on = null;
      box.hidden = true;
    };
    const show = (event: Event, wait: number) => {
      const target = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
      if (target === on) return;
      hide();
      on = target;
      if (!target) return;
      changes.observe(target, { attributeFilter: ["data-tip"] });
      timer = setTimeout(() => {
        if (!target.isConnected) return;
        box.textContent = target.getAttribute("data-tip");
        box.hidden = false;
        place(box, target);
      }, wait);
    };
    const hover = (event: PointerEvent) => {
      if (event.pointerType === "mouse") show(event, 450);
    };
    const focus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) show(event, 0);
      else hide();
    };

    document.addEventListener("pointerover", hover);
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("keydown", hide);
    document.addEventListener("scroll", hide, true);
    return () => {
      hide();
      document.removeEventListener("pointerover", hover);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("keydown", hide);
      document.removeEventListener("scroll", hide, true);
    };
  }, []);

  return (
    <div
      ref={tip}
      hidden
      aria-hidden
      className="pointer-events-none fixed z-[60] rounded-control bg-ink px-2 py-1 text-small font-medium text-paper"
    />
  );
}
