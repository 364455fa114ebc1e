declare global {
  interface Window {
    /** Does again, once, what was pressed before the page was alive. */
    switchboardPressAgain?: () => void;
  }
}

/**
 * A page can be seen before its scripts are there, and a button that is pressed meanwhile would do nothing. So the
 * last press is kept until the page is alive. This goes into the page as text, ahead of all scripts: it stands alone.
 */
export function keepPress(): void {
  const types = ["pointerdown", "click"];
  let press: Event[] = [];
  const keep = (event: Event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    // A form that is sent needs no script.
    if (!button || (button.type === "submit" && button.form)) return;
    press = event.type === "click" ? [...press.filter(({ type }) => type !== "click"), event] : [event];
  };
  for (const type of types) document.addEventListener(type, keep, true);
  window.switchboardPressAgain = () => {
    for (const type of types) document.removeEventListener(type, keep, true);
    for (const event of press.splice(0)) {
      const Kind = event.constructor as typeof PointerEvent;
      event.target?.dispatchEvent(new Kind(event.type, event));
    }
  };
}
