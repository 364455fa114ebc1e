/** Lets the browser download an address by itself: by a link, so that a refusal leaves the page where it is. */
export function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
