/** A clock that all processes of the machine share, in milliseconds. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** A token that says when it was made. */
export const stampOf = (time: number): string => ` @${time.toFixed(2)}`;

/** When the tokens of this text were made. */
export const stampsIn = (text: string): number[] => [...text.matchAll(/@(\d+\.\d\d)/g)].map(([, time]) => Number(time));
