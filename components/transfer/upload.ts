/** Sends a file and tells how far it is: what fetch can't. */

export interface Upload {
  /** The id of the import, or a sentence that says why there is none. */
  result: Promise<{ id: string } | { error: string }>;
  cancel(): void;
}

const broken = "The upload was broken off. Check the connection, then choose the file again.";

export function upload(file: File, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const result = new Promise<{ id: string } | { error: string }>((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(answerOf(request));
    request.onerror = () => resolve({ error: broken });
    request.onabort = () => resolve({ error: "" });
  });
  request.open("POST", `/api/import?${new URLSearchParams({ name: file.name || "file" })}`);
  // Its own type would make the server read a JSON file as a request.
  request.setRequestHeader("content-type", "application/octet-stream");
  request.send(file);
  return { result, cancel: () => request.abort() };
}

function answerOf(request: XMLHttpRequest): { id: string } | { error: string } {
  try {
    const answer = JSON.parse(request.responseText) as { id?: string; error?: { message?: string } };
    return answer.id ? { id: answer.id } : { error: answer.error?.message ?? broken };
  } catch {
    return { error: broken };
  }
}
