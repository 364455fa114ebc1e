"use client";

/** Beside the sidebar, which leads elsewhere. */
export { default } from "../error.tsx";
