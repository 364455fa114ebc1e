import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What a request begins is in that request's context as long as it goes on, and holds all that Next keeps there: the
 * request, its response, what was rendered. What belongs to the server leaves it.
 */

type Leave = <Result>(perform: () => Result) => Result;

const shared = globalThis as typeof globalThis & { switchboardOutside?: Leave };

/**
 * Performs what goes on after the request that asked for it: it holds nothing of that request. The first bundle that
 * loads this is the boot's, for which nobody has asked; the others share its context through globalThis.
 */
export const outsideRequests: Leave = shared.switchboardOutside ?? AsyncLocalStorage.snapshot();
shared.switchboardOutside = outsideRequests;
