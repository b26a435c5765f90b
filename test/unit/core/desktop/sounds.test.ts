import { describe, expect, test, vi } from 'vitest';

import { createSounds } from '../../../../src-main/core/desktop/sounds';
import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';

const started: RecorderNotice = { kind: 'started', recordingId: 'a', remoteParty: null };
const stopped: RecorderNotice = { kind: 'stopped', recordingId: 'a', elapsedMs: 1_000 };
const ended: RecorderNotice = { kind: 'ended', recordingId: 'a', elapsedMs: 1_000, unexpected: false };
const marked: RecorderNotice = { kind: 'marked', recordingId: 'a', offsetMs: 0 };

describe('createSounds', () => {
  test('no sound is there before the first notice', () => {
    expect(createSounds(() => true, vi.fn()).view()).toBeNull();
  });

  test('a start, a stop and an end each get a sound with the next sequence', () => {
    const changed = vi.fn();
    const sounds = createSounds(() => true, changed);
    const heard = [started, stopped, ended].map((notice) => {
      sounds.play(notice);
      return sounds.view();
    });
    expect(heard).toEqual([
      { sequence: 1, kind: 'start' },
      { sequence: 2, kind: 'stop' },
      { sequence: 3, kind: 'stop' },
    ]);
    expect(changed).toHaveBeenCalledTimes(3);
  });

  test('a notice without a sound changes nothing', () => {
    const changed = vi.fn();
    const sounds = createSounds(() => true, changed);
    sounds.play(marked);
    expect(sounds.view()).toBeNull();
    expect(changed).not.toHaveBeenCalled();
  });

  test('sounds that are switched off queue nothing, and the newest one stays', () => {
    let areOn = true;
    const sounds = createSounds(() => areOn, vi.fn());
    sounds.play(started);
    areOn = false;
    sounds.play(stopped);
    expect(sounds.view()).toEqual({ sequence: 1, kind: 'start' });
  });
});
