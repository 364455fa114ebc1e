"use client";

import { useEffect } from "react";
import "./early-press.ts";

/** The page is alive from here on. */
export function PressAgain(): null {
  useEffect(() => window.switchboardPressAgain?.(), []);
  return null;
}
