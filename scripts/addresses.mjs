const sentence =
  "This address cannot be read: a % sign in it is not followed by two digits that fit. Check the address.\n";

/** A request handler that answers an address which nobody can decode; Next would answer it with a bare 500. */
export function refuseUnreadable(handle) {
  return (request, response) => {
    if (isReadable(request.url)) return handle(request, response);
    response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end(sentence);
  };
}

function isReadable(url) {
  try {
    decodeURIComponent(url.split("?", 1)[0]);
    return true;
  } catch {
    return false;
  }
}
