import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { createApiClient } from '../../../../src-main/infra/api/client';
import type { AdapterRequest, HttpNetwork } from '../../../../src-main/infra/api/http-network';
import { plainHeaders } from '../../../../src-main/infra/api/http-network';

/** A network that keeps what it is asked, and answers each request alike. */
function fakeNetwork(status: number) {
  const asked: AdapterRequest[] = [];
  const calls: string[] = [];
  const network: HttpNetwork = {
    settings: {
      adapter: (config) => {
        asked.push(config);
        const data = Readable.from([]) as AsyncIterable<Uint8Array>;
        return Promise.resolve({ status, statusText: '', headers: {}, data, config });
      },
    },
    dropIdleConnections: () => {
      calls.push('drop');
      return Promise.resolve();
    },
    dispose: () => {
      calls.push('dispose');
    },
  };
  return { network, asked, calls };
}

function clientOver(network: HttpNetwork) {
  return createApiClient({
    account: { serverAddress: 'https://recorder.example.com', username: 'anna' },
    authorization: () => 'Basic YW5uYTpzZWNyZXQ=',
    network,
  });
}

describe('the client over a network that it is given', () => {
  it('sends each request by the adapter, once, with its own headers and no other', async () => {
    const { network, asked } = fakeNetwork(204);
    const result = await clientOver(network).pauseRecording('7f3c');
    expect(result).toEqual({ ok: true, value: null });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe(
      'https://recorder.example.com/fw/Apps/Recorder/WebAPI/LiveRecordings/7f3c/Pause',
    );
    expect(plainHeaders(asked[0]?.headers ?? {})).toEqual({
      accept: 'application/json',
      authorization: 'Basic YW5uYTpzZWNyZXQ=',
      'cache-control': 'no-store',
      'user-agent': 'RecLight',
    });
    expect(asked[0]?.signal).toBeInstanceOf(AbortSignal);
  });

  it('follows no redirect away from the server, whatever the adapter answers', async () => {
    const { network, asked } = fakeNetwork(302);
    const result = await clientOver(network).activeRecordings({ directoryNumber: '3101' });
    expect(result).toMatchObject({ ok: false, error: { code: 'redirected' } });
    expect(asked).toHaveLength(1);
  });

  it('ends the network with itself: it would otherwise listen for the death of sessions for ever', async () => {
    const { network, asked, calls } = fakeNetwork(204);
    const client = clientOver(network);
    client.dispose();
    expect(calls).toEqual(['dispose']);
    expect(await client.pauseRecording('7f3c')).toMatchObject({ ok: false, error: { code: 'signed-out' } });
    expect(asked).toEqual([]);
  });
});
