import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, vi } from "vitest";

/** Each file of tests has a data folder of its own. This runs before it and all that it imports. */

const folder = mkdtempSync(join(tmpdir(), "switchboard-test-"));
vi.stubEnv("DATA_DIR", folder);

afterAll(() => rmSync(folder, { recursive: true, force: true }));
