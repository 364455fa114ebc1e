import { z } from "zod";

/** Everything the product reads from the environment; nothing else reads it. */

const flag = (fallback: boolean) =>
  z
    .enum(["true", "false", "1", "0", "yes", "no"], { error: "true or false" })
    .optional()
    .transform((value) => (value === undefined ? fallback : ["true", "1", "yes"].includes(value)));

const address = (schemes: string[], expected: string) =>
  z.string().refine((value) => schemes.some((scheme) => value.startsWith(scheme)) && URL.canParse(value), {
    error: expected,
  });

const integer = (least: number, most: number) =>
  z.coerce
    .number({ error: `a whole number from ${least} to ${most}` })
    .int({ error: `a whole number from ${least} to ${most}` })
    .min(least, { error: `a whole number from ${least} to ${most}` })
    .max(most, { error: `a whole number from ${least} to ${most}` });

const encryptionKeys = z
  .string()
  .transform((value) =>
    value.split(",").map((pair) => {
      const cut = pair.indexOf(":");
      return { id: pair.slice(0, Math.max(cut, 0)).trim(), key: pair.slice(cut + 1).trim() };
    }),
  )
  .refine((keys) => keys.every(({ id, key }) => id !== "" && Buffer.from(key, "base64").length === 32), {
    error: "id:key pairs separated by commas, each key 32 bytes in base64",
  });

const schema = z.object({
  PORT: integer(1, 65_535).default(3000),
  DATA_DIR: z.string().min(1, { error: "a folder" }).default(".data"),
  DATABASE_URL: address(
    ["file:", "http://", "https://", "libsql://", "ws://", "wss://"],
    "a file:, http(s):// or libsql:// address",
  ).optional(),
  DATABASE_AUTH_TOKEN: z.string().optional(),
  REDIS_URL: address(["redis://", "rediss://"], "a redis:// or rediss:// address").optional(),
  AUTH_SECRET: z.string().min(16, { error: "at least 16 characters" }).optional(),
  AUTH_URL: address(["http://", "https://"], "an http(s):// address").optional(),
  AUTH_GITHUB_ID: z.string().optional(),
  AUTH_GITHUB_SECRET: z.string().optional(),
  AUTH_GOOGLE_ID: z.string().optional(),
  AUTH_GOOGLE_SECRET: z.string().optional(),
  AUTH_OIDC_ISSUER: address(["http://", "https://"], "an http(s):// address").optional(),
  AUTH_OIDC_ID: z.string().optional(),
  AUTH_OIDC_SECRET: z.string().optional(),
  ALLOW_SIGN_UP: flag(true),
  ALLOW_GUESTS: flag(true),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: address(["http://", "https://"], "an http(s):// address").optional(),
  OPENAI_API: z.enum(["responses", "chat"], { error: "responses or chat" }).optional(),
  OPENAI_MODEL: z.string().optional(),
  /** After so much silence an answer is given up: long enough for a model that is loaded, or thinks, first. */
  MODEL_IDLE_SECONDS: integer(1, 3600).default(300),
  SESSION_ENCRYPTION_KEYS: encryptionKeys.optional(),
  RETENTION_DAYS: integer(1, 36_500).optional(),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "fatal, error, warn, info, debug, trace or silent",
    })
    .default("info"),
  METRICS_TOKEN: z.string().min(8, { error: "at least 8 characters" }).optional(),
});

export type Env = z.output<typeof schema>;
export const variables = Object.keys(schema.shape) as (keyof Env)[];

const secret = /SECRET|TOKEN|KEY|URL/;

/** Thrown for a wrong value: one line that names the variable, what was found and what is expected. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

/** Parses an environment; an empty value counts as absent. Throws `EnvironmentError`. */
export function readEnvironment(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(variables.flatMap((name) => (source[name] ? [[name, source[name]]] : [])));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  const found = secret.test(name) ? "a value that does not fit" : JSON.stringify(given[name]);
  throw new EnvironmentError(`${name} is ${found}; expected ${issue?.message}.`);
}

export const env: Env = readEnvironment(process.env);
