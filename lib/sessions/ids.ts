import { monotonicFactory } from "ulid";

const next = monotonicFactory();

/** A new id that sorts after every id made before it in this process. */
export function newId(): string {
  return next();
}
