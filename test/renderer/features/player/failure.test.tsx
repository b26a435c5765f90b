import { act, fireEvent } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import { mediaRequestOf } from '@shared/domain/media';
import { guid } from '../../../fixtures/examples';
import {
  asked,
  click,
  element,
  goTo,
  load,
  player,
  progress,
  recording,
  tell,
  useSilentAudio,
} from '../../../fixtures/player-window';
import { settle, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useSilentAudio();

describe('what cannot be decoded', () => {
  const broken = progress({ sound: { seconds: 60, steady: true, changesAt: 10.1 } });

  test('is told as that, with saving it as the next step (D1c)', async () => {
    const { fake } = await load({ onMediaProgress: () => broken });
    goTo(10);
    await tell('error', { error: { code: 3, message: 'PIPELINE_ERROR_DECODE' } });
    const alert = player().getByRole('alert');
    expect(alert.textContent).toMatch(/^From 0:10 on, this recording cannot be played here\.Save it/);
    expect(alert.textContent).not.toMatch(/connection/);
    expect(player().queryByRole('button', { name: 'Try again' })).toBeNull();
    click('Save as…');
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [recording.id] }]);
  });

  test('from its first second on is told without one (D1c)', async () => {
    await load({ onMediaProgress: () => progress({}) });
    await tell('error', { error: { code: 4, message: '' } });
    expect(player().getByRole('alert').textContent).toMatch(/^This recording cannot be played here\./);
  });
});

test('a sound card that is gone is no fault of the recording: it can be played again (G12)', async () => {
  await load({ onMediaProgress: () => progress({}) });
  await tell('error', { error: { code: 3, message: 'AUDIO_RENDERER_ERROR: audio render error' } });
  expect(player().getByRole('alert').textContent).not.toMatch(/cannot be played here/);
  expect(player().getByRole('button', { name: 'Try again' })).toBeDefined();
});

test('one failed play raises one alert, once its reason is known (R-29)', async () => {
  const { push } = await load({ onMediaProgress: () => null });
  await tell('error', { error: { code: 4, message: '' } });
  expect(player().queryByRole('alert')).toBeNull();
  const error = { code: 'recording-not-found', operation: 'download', detail: { status: 404 } } as const;
  push(progress({ status: 'failed', error }));
  expect(player().getByRole('alert').textContent).toMatch(/no longer on the server/);
});

const breakSound = async () => {
  act(() => {
    element().dispatchEvent(new Event('error'));
  });
  await settle();
};

test('a failed download says why, and can be tried again', async () => {
  await load({
    onMediaProgress: () => ({
      status: 'failed',
      receivedBytes: 0,
      sizeBytes: null,
      error: { code: 'recording-not-found', operation: 'download', detail: { status: 404 } },
      sound: null,
    }),
  });
  await breakSound();
  const before = mediaRequestOf(element().getAttribute('src') ?? '');
  expect(player().getByRole('alert').textContent).toMatch(/no longer on the server/);
  fireEvent.click(player().getByRole('button', { name: 'Try again' }));
  const after = mediaRequestOf(element().getAttribute('src') ?? '');
  expect(after?.id).toBe(guid(1));
  expect(after?.ask).toBeGreaterThan(before?.ask ?? 0);
  expect(asked.at(-1)).toBe('play');
  expect(player().queryByRole('alert')).toBeNull();
});

test('sound that cannot be decoded says that it could not be played', async () => {
  await load();
  await breakSound();
  expect(player().getByRole('alert').textContent).toMatch(/^This recording could not be played\./);
});
