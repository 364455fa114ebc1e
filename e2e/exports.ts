/** What a file exports that somebody can call. */
export interface Export {
  name: string;
  /** The function that made it, or what stands there instead. */
  maker: string;
}

/** What Next reads of a page or a route and never calls. */
const settings =
  /^(metadata|viewport|dynamic|dynamicParams|revalidate|fetchCache|runtime|preferredRegion|maxDuration)$/;

/** Read from the source. A form that is not known here has no maker that anybody would accept. */
export function exportsIn(source: string): Export[] {
  return source
    .split(/^export\b\s*/m)
    .slice(1)
    .flatMap(exportOf);
}

function exportOf(text: string): Export[] {
  if (/^(interface|type)\s/.test(text)) return [];
  const made = /^(?:(default)|const\s+(\w+)[^=]*=)\s*(\w+)\s*\(/.exec(text);
  const [, byDefault, constant = /^const\s+(\w+)/.exec(text)?.[1], maker = "a value"] = made ?? [];
  if (byDefault && maker !== "function") return [{ name: byDefault, maker }];
  if (constant) return settings.test(constant) ? [] : [{ name: constant, maker }];
  const listed = /^(?:const\s+)?\{([^}]*)\}/.exec(text)?.[1];
  if (listed)
    return listed.split(",").map((name) => ({ name: name.trim().split(" as ").at(-1) ?? "", maker: "a list" }));
  const named = /^(?:async\s+)?function\*?\s+(\w+)/.exec(text)?.[1];
  return [{ name: named ?? /^default\b|^[^\n]*/.exec(text)?.[0] ?? "", maker: "something else" }];
}
