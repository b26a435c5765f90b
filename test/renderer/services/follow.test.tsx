import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { recorderView, snapshotOf, summary } from '../../fixtures/examples';
import { renderWindow, useTestWindows } from '../../fixtures/render-window';

useTestWindows();

const play = (sequence: number) => ({ sequence, kind: 'play', recording: summary() }) as const;

test('an intent to play loads the recording and is acknowledged once', async () => {
  const { fake, send, services } = await renderWindow(snapshotOf({ intent: play(3) }));
  expect(screen.getByRole('region', { name: 'Player' })).toBeTruthy();
  expect(fake.callsOf('acknowledgeWindowRequest')).toEqual([{ sequence: 3 }]);
  await send(snapshotOf({ revision: 2, intent: play(3) }));
  expect(services.ui.getState().loaded?.request).toBe(1);
  await send(snapshotOf({ revision: 3, intent: play(4) }));
  expect(services.ui.getState().loaded?.request).toBe(2);
  expect(fake.callsOf('acknowledgeWindowRequest')).toEqual([{ sequence: 3 }, { sequence: 4 }]);
});

test('an intent to show the settings opens them', async () => {
  const { send, services } = await renderWindow(snapshotOf());
  await send(snapshotOf({ revision: 2, intent: { sequence: 1, kind: 'show-settings' } }));
  expect(services.ui.getState().view).toBe('settings');
});

test('a cue found on loading is not sounded, later ones are, each once', async () => {
  const { cues, send } = await renderWindow(snapshotOf({ cue: { sequence: 5, kind: 'start' } }));
  expect(cues).toEqual([]);
  await send(snapshotOf({ revision: 2, cue: { sequence: 6, kind: 'stop' } }));
  await send(snapshotOf({ revision: 3, cue: { sequence: 6, kind: 'stop' } }));
  await send(snapshotOf({ revision: 4, cue: { sequence: 7, kind: 'start' } }));
  expect(cues).toEqual(['stop', 'start']);
});

test('the first cue of all is sounded', async () => {
  const { cues, send } = await renderWindow(snapshotOf());
  await send(snapshotOf({ revision: 2, cue: { sequence: 1, kind: 'start' } }));
  expect(cues).toEqual(['start']);
});

test('signing out empties the window of everything of a call', async () => {
  const { send, services } = await renderWindow(snapshotOf({ intent: play(1) }));
  services.ui.getState().setFilters({ remoteNumber: '+39' });
  services.ui.getState().setBeside(() => summary());
  await send(
    snapshotOf({
      revision: 2,
      session: { status: 'signed-out', serverAddress: null, username: null, error: null },
    }),
  );
  const { loaded, filters, selectedId, detailsOf, beside } = services.ui.getState();
  expect(beside(summary().id, 1)).toBeNull();
  expect({ loaded, number: filters.remoteNumber, selectedId, detailsOf }).toEqual({
    loaded: null,
    number: '',
    selectedId: null,
    detailsOf: null,
  });
  expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
  expect(document.body.textContent).not.toContain('+39 02 1234');
});

test('a sound that cannot be made neither holds up the light nor what is asked for (R-15)', async () => {
  const { send, services, failures } = await renderWindow(
    snapshotOf(),
    {},
    {
      playSound: () => {
        throw new Error('no audio device');
      },
    },
  );
  await send(
    snapshotOf({
      revision: 2,
      cue: { sequence: 1, kind: 'start' },
      intent: { sequence: 1, kind: 'show-settings' },
      recorder: recorderView({ status: 'recording' }),
    }),
  );
  expect(document.querySelector('.recorder [role=status]')?.textContent).toBe('Recording');
  expect(services.ui.getState().view).toBe('settings');
  expect(failures).toHaveLength(1);
});

test('what cannot be carried out does not hold up the light (R-15)', async () => {
  const { send, services, failures } = await renderWindow(snapshotOf());
  services.ui.setState({
    play: () => {
      throw new Error('no player');
    },
  });
  await send(snapshotOf({ revision: 2, intent: play(1), recorder: recorderView({ status: 'recording' }) }));
  expect(document.querySelector('.recorder [role=status]')?.textContent).toBe('Recording');
  expect(failures).toHaveLength(1);
});
