/**
 * Asks again and again until the answer is there: for what tells nobody when it changes (a keyring, a process table).
 * @param look answers undefined or false as long as it is not
 * @param what for the error
 * @param timeoutMs 15 s by default
 */
export async function until<Value>(
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  what: string,
  timeoutMs = 15_000,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
