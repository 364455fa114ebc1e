/**
 * The address that limits are counted by: the last one of `x-forwarded-for`, which is what the nearest
 * proxy saw (Next itself writes the header when there is none). Entries before the last can be made up by
 * anybody. Somebody who reaches the server without a proxy can make up the last one too: that evades the
 * limits by address, not those by email and by user.
 *
 * An IPv6 network of one household (/64) counts as one address.
 */
export function clientAddress(headers: Headers): string {
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().toLowerCase() ?? "";
  if (address.startsWith("::ffff:") && address.includes(".")) return address.slice("::ffff:".length);
  return address.includes(":") ? networkOf(address) : address.slice(0, 64);
}

function networkOf(address: string): string {
  const [head = "", tail] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail ? tail.split(":") : [];
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  return `${[...front, ...zeros, ...back].slice(0, 4).join(":")}::/64`.slice(0, 64);
}
