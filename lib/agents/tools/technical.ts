import { STATUS_CODES } from "node:http";
import { performance } from "node:perf_hooks";
import { tool } from "@openai/agents";
import { z } from "zod";

export const checkStatus = tool({
  name: "check_status",
  description: "Whether this Switchboard server is up, for how long, and how busy it is, measured now.",
  parameters: z.object({}),
  execute: async () => {
    const before = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const busy = performance.eventLoopUtilization(before).utilization;
    return {
      source: "Measured on this Switchboard server just now; other services are not watched.",
      status: "up",
      upForMinutes: Math.floor(process.uptime() / 60),
      load: busy < 0.5 ? "normal" : busy < 0.9 ? "busy" : "very busy",
    };
  },
});

export const lookUpStatusCode = tool({
  name: "look_up_status_code",
  description: "The standard meaning of an HTTP status code.",
  parameters: z.object({ code: z.number().int().min(100).max(599) }),
  execute: ({ code }) => {
    const meaning = STATUS_CODES[code];
    if (!meaning) return { code, error: `${code} is not a standard HTTP status code.` };
    const whose = code < 200 ? "interim" : code < 400 ? "no error" : code < 500 ? "client error" : "server error";
    return { code, meaning, kind: whose };
  },
});
