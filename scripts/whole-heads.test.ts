import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { withWholeHeads } from "./whole-heads.ts";

/** A connection that keeps what it is given to send, packet by packet. */
class Connection extends Writable {
  readonly packets: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.packets.push(chunk.toString());
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.packets.push(chunks.map(({ chunk }) => chunk.toString()).join(""));
    done();
  }
}

const handle = (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200);
  response.flushHeaders();
  response.write("first");
};

async function packetsOf(handler: typeof handle): Promise<string[]> {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { httpVersionMajor: 1, httpVersionMinor: 1 });
  const response = new ServerResponse(request);
  const connection = new Connection();
  // A response asks no more of its connection than that it can be written to.
  response.assignSocket(connection as unknown as Socket);
  handler(request, response);
  await new Promise((resolve) => setImmediate(resolve));
  return connection.packets;
}

test("the head of a response goes with its first piece", async () => {
  expect(await packetsOf(handle)).toHaveLength(2);
  const packets = await packetsOf(withWholeHeads(handle));
  expect(packets).toEqual([expect.stringMatching(/^HTTP\/1.1 200 OK\r\n.*\r\n\r\n5\r\nfirst\r\n$/s)]);
});
