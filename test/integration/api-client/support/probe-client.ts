import type { ChildProcess } from 'node:child_process';

import type { ProbeAnswer, ProbeOrder, ProbeRequest } from './probe-protocol';

/** Whom a probe's client is. */
export type ProbeAccount = Pick<ProbeRequest, 'serverAddress' | 'username' | 'password'>;

/** A process with an API client in it. */
export interface ProbeClient {
  run<T>(account: ProbeAccount, order: ProbeOrder): Promise<T>;
  close(): Promise<void>;
}

/**
 * Talks to a process that was started with an IPC channel and serves a probe.
 * @throws Error when it ends before it is ready
 */
export async function connectProbe(child: ChildProcess): Promise<ProbeClient> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`the probe ended: ${code ?? signal}`));
      waiting.clear();
      resolve();
    });
  });
  child.on('message', ({ sequence, value }: ProbeAnswer) => {
    waiting.get(sequence)?.resolve(value);
    waiting.delete(sequence);
  });
  const answerTo = (sequence: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(sequence, { resolve, reject });
    });
  let last = 0;
  await answerTo(0);
  return {
    run: async <T>(account: ProbeAccount, order: ProbeOrder) => {
      last += 1;
      const answer = answerTo(last);
      child.send({ ...account, sequence: last, order } satisfies ProbeRequest);
      return (await answer) as T;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
