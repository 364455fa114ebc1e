import { hash, verify } from "@node-rs/argon2";

/** OWASP's first recommendation for argon2id, which is the algorithm that the package takes by itself. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash that no password has, made with the same parameters. */
const nobodys = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

/** Whether the password fits. Takes as long when there is no hash, so that the time does not tell who has an account. */
export async function passwordFits(password: string, passwordHash: string | null): Promise<boolean> {
  const fits = await verify(passwordHash ?? nobodys, password);
  return fits && passwordHash !== null;
}
