import { client } from "#db/client.ts";
import { log } from "#lib/log.ts";
import { currentModel } from "#lib/models/current.ts";

export const dynamic = "force-dynamic";

/** For load balancers and the start script: open to everybody, and says nothing about anybody. */
export async function GET(): Promise<Response> {
  try {
    await client().execute("SELECT 1");
    const { label, demo } = await currentModel();
    return Response.json({ status: "ok", model: label, demo });
  } catch (error) {
    log().error({ err: error }, "the health check failed");
    return Response.json({ status: "unavailable", error: "The database does not answer." }, { status: 503 });
  }
}
