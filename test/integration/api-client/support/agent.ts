import type { CodedError, Result } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import type { UploadFile, UploadMetadata } from '../../../../src-main/core/ports/api';
import type { ApiClient, ApiClientOptions } from '../../../../src-main/infra/api/client';
import { createApiClient } from '../../../../src-main/infra/api/client';
import type { Simulator } from '../../../tools/simulator';

/** A client that is one of the simulated office's users. */
export function clientOf(
  simulator: Simulator,
  username = 'anna.rossi',
  options: { readonly password?: string; readonly timeouts?: ApiClientOptions['timeouts'] } = {},
): ApiClient {
  const password = options.password ?? simulator.accounts.get(username)?.password ?? '';
  return createApiClient({
    account: { serverAddress: simulator.url, username },
    authorization: () => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
  });
}

/** A line as the settings hold it. */
export function lineOf(line: Partial<Line>): Line {
  return { directoryNumber: null, deviceName: null, mode: 'media-forking', ...line };
}

/** The value of a success. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The failure of a failure. */
export function errorOf(result: Result<unknown>): CodedError {
  if (result.ok) throw new Error(`succeeded: ${JSON.stringify(result.value)}`);
  return result.error;
}

/** What every upload in these tests says of itself, unless told otherwise. */
export function metadataOf(patch: Partial<UploadMetadata> = {}): UploadMetadata {
  return {
    startTime: Date.now() - 3_600_000,
    durationMs: 1_000,
    direction: 'outgoing',
    localParty: { username: 'anna.rossi', phoneNumber: '101' },
    remotePhoneNumber: '+39 02 4454',
    pbxCallId: '77',
    notes: null,
    preserved: false,
    ...patch,
  };
}

/** A second of silence, PCM-16 mono 8 kHz. */
export function silence(patch: Partial<UploadFile> = {}): UploadFile {
  const data = 16_000;
  const bytes = Buffer.alloc(44 + data);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + data, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8_000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(data, 40);
  return {
    fileName: 'Gespräch "1";\r\n.wav',
    sizeBytes: bytes.byteLength,
    contentType: 'audio/wav',
    chunks: async function* () {
      yield bytes;
    },
    ...patch,
  };
}
