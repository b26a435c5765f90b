import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import type { MediaLibrary } from '../../../../src-main/core/media/library';
import { createMediaLibrary } from '../../../../src-main/core/media/library';
import { createVerifier } from '../../../../src-main/core/media/verify';
import { startSha256 } from '../../../../src-main/infra/files/digest';
import { guid } from '../../../fixtures/examples';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

const mega = 1_048_576;
const sound = Uint8Array.from({ length: 2 * mega + 5 }, (_, index) => index % 251);
const rightHash = createHash('sha256').update(sound).digest('hex').toUpperCase();

/** A library whose server sends the sound in pieces, and never ends where it is told so. */
function setUp(sha256: string | null, ends = true) {
  const clock = new VirtualClock();
  const api = new StubApi(() =>
    succeed({
      contentType: null,
      sizeBytes: sound.length,
      chunks: (async function* () {
        for (let at = 0; at < sound.length; at += 65_536) {
          await Promise.resolve();
          yield sound.subarray(at, at + 65_536);
        }
        if (!ends) await new Promise(() => undefined);
      })(),
    }),
  );
  const media: MediaLibrary = createMediaLibrary(clock, 8 * mega);
  media.setApi(api);
  const told: Result<RecordingDetails> = succeed({ sha256 } as RecordingDetails);
  const verify = createVerifier({
    media,
    details: () => Promise.resolve(told),
    startDigest: startSha256,
    clock,
  });
  const listen = async () => {
    await media.open(guid(1));
    await settle();
  };
  return { clock, api, media, verify, listen };
}

/** Lets it take as many turns as it needs. */
async function finished<Value>(clock: VirtualClock, answer: Promise<Value>): Promise<Value> {
  for (let turn = 0; turn < 5; turn += 1) {
    await settle();
    await clock.advance(0);
  }
  return answer;
}

describe('the sound in memory', () => {
  it.each([
    ['verified', rightHash],
    ['unverified', '0'.repeat(64)],
  ] as const)('is %s by the hash that the server tells', async (expected, sha256) => {
    const { clock, api, verify, listen } = setUp(sha256);
    await listen();
    expect(await finished(clock, verify(guid(1).toUpperCase()))).toEqual(succeed(expected));
    expect(api.calls).toHaveLength(1);
  });

  it('is hashed in turns, so that nothing else waits', async () => {
    const { clock, verify, listen } = setUp(rightHash);
    await listen();
    const answer = verify(guid(1));
    await settle();
    expect(clock.pending()).toBe(1);
    await finished(clock, answer);
    expect(clock.fired).toBe(2);
  });

  it('is not judged where it is not here, or not whole, and nothing is downloaded for it', async () => {
    const absent = setUp(rightHash);
    expect(await absent.verify(guid(1))).toEqual(succeed(null));
    expect(absent.api.calls).toEqual([]);
    const partial = setUp(rightHash, false);
    await partial.listen();
    expect(await partial.verify(guid(1))).toEqual(succeed(null));
    expect(partial.api.calls).toHaveLength(1);
  });

  it('is not judged where the server tells no hash, or somebody signs out meanwhile', async () => {
    const silent = setUp(null);
    await silent.listen();
    expect(await silent.verify(guid(1))).toEqual(succeed(null));
    const { clock, media, verify, listen } = setUp(rightHash);
    await listen();
    const answer = verify(guid(1));
    await settle();
    media.setApi(null);
    expect(await finished(clock, answer)).toEqual(succeed(null));
  });

  it('is not judged where the details cannot be had', async () => {
    const gone = fail('recording-not-found', 'details', { status: 404 });
    const verify = createVerifier({
      media: createMediaLibrary(new VirtualClock(), mega),
      details: () => Promise.resolve(gone),
      startDigest: startSha256,
      clock: new VirtualClock(),
    });
    expect(await verify(guid(1))).toEqual(gone);
  });
});
