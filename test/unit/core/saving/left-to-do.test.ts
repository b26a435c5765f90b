import { describe, expect, it } from 'vitest';

import type { ErrorCode } from '@shared/domain/errors';
import type { SaveStatus } from '@shared/domain/saves';
import type { QueuedSave } from '../../../../src-main/core/saving/left-to-do';
import { leftToDo, notQueued } from '../../../../src-main/core/saving/left-to-do';
import { guid } from '../../../fixtures/saving';

/** A save that stands so. */
function save(
  status: SaveStatus,
  failure: ErrorCode | null = null,
  about: Partial<QueuedSave> = {},
): QueuedSave {
  return {
    recordingId: guid(1),
    folder: '/saved',
    template: '{date}',
    job: {
      view: () => ({ status }) as ReturnType<QueuedSave['job']['view']>,
      isHeld: () => status === 'paused',
      failure: () => (failure === null ? null : { code: failure, operation: 'file', detail: {} }),
    },
    ...about,
  };
}

describe('what is left to do of a queue', () => {
  const remembered = { recordingId: guid(1), folder: '/saved', template: '{date}', paused: false };

  it.each<[string, QueuedSave, unknown]>([
    ['a save that waits', save('queued'), remembered],
    ['a save that works', save('downloading'), remembered],
    ['a paused save, as paused', save('paused'), { ...remembered, paused: true }],
    ['what the network has cut', save('failed', 'connection-lost'), remembered],
    ['what signing out has cut', save('failed', 'signed-out'), remembered],
    [
      'what the disk has refused, with the reason',
      save('failed', 'disk-full'),
      { ...remembered, failed: 'disk-full' },
    ],
  ])('holds %s', (_name, queued, expected) => {
    expect(leftToDo([queued])).toEqual([expected]);
  });

  it.each<[string, QueuedSave]>([
    ['what is done', save('done')],
    ['what was cancelled', save('cancelled')],
    ['what the server has refused', save('failed', 'not-allowed')],
    ['a list', save('queued', null, { recordingId: null, template: null })],
  ])('does not hold %s', (_name, queued) => {
    expect(leftToDo([queued])).toEqual([]);
  });

  it('is not what is in the queue already, unless it goes to another folder', () => {
    const left = [guid(1), guid(2)].map((recordingId) => ({ ...remembered, recordingId }));
    expect(notQueued(left, [save('done')])).toEqual([left[1]]);
    expect(notQueued(left, [save('done', null, { folder: '/other' })])).toEqual(left);
  });
});
