import { setTimeout as pause } from "node:timers/promises";
import { Instance } from "./instances.ts";
import type { House } from "./scene.ts";

/** Two instances on one database, and one that waits to take the place of one that is ended. */
export class Home implements House {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #slots: Promise<Instance>[];
  readonly #all = new Set<Instance>();
  #spare: Instance;
  #crashing: Promise<unknown> = Promise.resolve();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
    const [first, second] = [this.#make(), this.#make()];
    this.#spare = this.#make();
    const ready = first.ask("prepare", "").then(() => first);
    this.#slots = [ready, ready.then(() => second)];
  }

  #make(): Instance {
    const instance = new Instance(this.#environment);
    this.#all.add(instance);
    return instance;
  }

  instance(number: number): Promise<Instance> {
    return this.#slots[number % this.#slots.length] as Promise<Instance>;
  }

  async crash(number: number): Promise<void> {
    this.#crashing = this.#crashing.then(() => this.#replace(number % this.#slots.length));
    await this.#crashing;
  }

  async #replace(place: number): Promise<void> {
    const dying = await this.#slots[place];
    if (dying) {
      await dying.kill();
      this.#all.delete(dying);
    }
    const next = this.#spare;
    this.#slots[place] = Promise.resolve(next);
    this.#spare = this.#make();
    await this.recover(place);
  }

  /** What a living instance finds after ten seconds, at once: the others say that they live, the dead do not. */
  async recover(place: number): Promise<void> {
    const silentSince = Date.now() + 1;
    await pause(2);
    for (const slot of this.#slots) await (await slot).ask("beat", "");
    await (await this.instance(place)).ask("recover", "", { silentSince });
  }

  async presume(number: number): Promise<void> {
    this.#crashing = this.#crashing.then(async () =>
      (await this.instance(number)).ask("recover", "", { silentSince: Date.now() + 1 }),
    );
    await this.#crashing;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((instance) => instance.kill()));
  }
}
