import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { RecorderApi, UploadFile } from '../../../../src-main/core/ports/api';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import type { ApiClient } from '../../../../src-main/infra/api/client';
import { createApiClient } from '../../../../src-main/infra/api/client';
import type { HttpNetwork } from '../../../../src-main/infra/api/http-network';
import type { ProbeOrder, ProbeRequest, TransferReport } from './probe-protocol';

const pieceBytes = 64 * 1024;

/** A WAV header for PCM-16 mono 8 kHz, followed by silence up to the size. */
function silentWav(sizeBytes: number): UploadFile {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(sizeBytes - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(sizeBytes - 44, 40);
  return {
    fileName: 'call.wav',
    sizeBytes,
    contentType: 'audio/wav',
    chunks: async function* () {
      yield header;
      for (let left = sizeBytes - header.byteLength; left > 0; left -= pieceBytes) {
        yield Buffer.alloc(Math.min(pieceBytes, left));
      }
    },
  };
}

/** Lets this process collect its garbage, which the engine otherwise does when it likes. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Watches how much of what it has the process keeps. */
function watchGrowth(memory: () => number): () => number {
  const collect = collector();
  const kept = () => {
    collect();
    return memory();
  };
  const before = kept();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, kept());
  }, 100);
  return () => {
    clearInterval(timer);
    return Math.max(most, kept()) - before;
  };
}

async function download(
  api: RecorderApi,
  order: Extract<ProbeOrder, { kind: 'download' }>,
): Promise<Omit<TransferReport, 'growthBytes'>> {
  let bytes = 0;
  const opened = await api.downloadRecording(order.id);
  if (!opened.ok) return { bytes, error: opened.error, progress: [] };
  try {
    for await (const chunk of opened.value.chunks) {
      bytes += chunk.byteLength;
      if (order.leaveAfter !== undefined && bytes >= order.leaveAfter) break;
      if (order.pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, order.pauseMs));
    }
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    return { bytes, error: error.coded, progress: [] };
  }
  return { bytes, error: null, progress: [] };
}

async function upload(
  api: RecorderApi,
  order: Extract<ProbeOrder, { kind: 'upload' }>,
): Promise<Omit<TransferReport, 'growthBytes'>> {
  const cancel = new AbortController();
  const progress: number[] = [];
  const { contentType, fileName } = order;
  const file = {
    ...silentWav(order.sizeBytes),
    ...(contentType === undefined ? {} : { contentType }),
    ...(fileName === undefined ? {} : { fileName }),
  };
  const result = await api.uploadRecording(order.metadata, file, {
    signal: cancel.signal,
    onProgress: (sent) => {
      progress.push(sent);
      if (order.cancelAfter !== undefined && sent >= order.cancelAfter) cancel.abort();
    },
  });
  return {
    bytes: progress.at(-1) ?? 0,
    error: result.ok ? null : result.error,
    progress: progress.slice(-3),
  };
}

/**
 * Carries out orders with an API client of this process.
 * @param network Electron's; Node's where left out
 * @param memory the process's size in bytes
 */
export function createProbe(network: HttpNetwork | undefined, memory: () => number) {
  const clients = new Map<string, ApiClient>();

  const clientFor = ({ serverAddress, username, password }: ProbeRequest): ApiClient => {
    const key = JSON.stringify([serverAddress, username, password]);
    const client =
      clients.get(key) ??
      createApiClient({
        account: { serverAddress, username },
        authorization: () => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        ...(network === undefined ? {} : { network }),
      });
    clients.set(key, client);
    return client;
  };

  return async (request: ProbeRequest): Promise<unknown> => {
    const api = clientFor(request);
    const { order } = request;
    switch (order.kind) {
      case 'call': {
        const method = api[order.method] as (...args: readonly unknown[]) => Promise<unknown>;
        return method(...order.args);
      }
      case 'drop-idle-connections':
        return api.dropIdleConnections();
      default: {
        const growth = watchGrowth(memory);
        const report = order.kind === 'download' ? await download(api, order) : await upload(api, order);
        return { ...report, growthBytes: growth() };
      }
    }
  };
}

/** Takes orders from the parent process until it lets go. */
export function serveParent(probe: (request: ProbeRequest) => Promise<unknown>, leave: () => void): void {
  process.on('message', (request: ProbeRequest) => {
    void probe(request).then(
      (value) => process.send?.({ sequence: request.sequence, value }),
      (error: unknown) => process.send?.({ sequence: request.sequence, value: { crashed: String(error) } }),
    );
  });
  process.on('disconnect', leave);
  process.send?.({ sequence: 0, value: 'ready' });
}
