import { act, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import { succeed, type CodedError } from '@shared/domain/errors';
import type { Snapshot } from '@shared/ipc/snapshot';
import { axeViolations } from '../../fixtures/axe-violations';
import { activeView, guid, recorderView, snapshotOf, summary } from '../../fixtures/examples';
import { renderWindow, useLateParts, useTestWindows, type TestWindow } from '../../fixtures/render-window';

useTestWindows();
useLateParts();

const error: CodedError = {
  code: 'no-connected-call',
  operation: 'start',
  detail: { status: 409, reason: 1 },
};
const list = () => succeed({ totalCount: 3, recordings: [1, 2, 3].map((id) => summary({ id: guid(id) })) });

async function violations(): Promise<string[]> {
  vi.useRealTimers();
  return axeViolations();
}

async function open(snapshot: Snapshot): Promise<TestWindow> {
  const window = await renderWindow(snapshot, { listRecordings: list });
  await window.advance(300);
  return window;
}

describe('axe finds nothing', () => {
  test.each<{ name: string; snapshot: Snapshot }>([
    {
      name: 'the sign-in form with an error',
      snapshot: snapshotOf({
        session: {
          status: 'signed-out',
          serverAddress: null,
          username: null,
          error: { code: 'unauthorized', operation: 'sign-in', detail: { status: 401 } },
        },
      }),
    },
    {
      name: 'the wait for the keychain',
      snapshot: snapshotOf({ session: { status: 'restoring', waitingForKeychain: true } }),
    },
    {
      name: 'idle, with an error',
      snapshot: snapshotOf({ recorder: recorderView({ lastError: { error, atMono: 0 } }) }),
    },
    {
      name: 'two recordings',
      snapshot: snapshotOf({
        recorder: recorderView({
          status: 'recording',
          recordings: [activeView(), activeView({ id: guid(2), startedHere: false })],
          controls: { ...recorderView().controls, record: false, stop: true, pause: true },
        }),
      }),
    },
    {
      name: 'unknown',
      snapshot: snapshotOf({
        recorder: recorderView({
          status: 'unknown',
          unknown: { sinceMono: 0, error, lastKnown: null },
          nextTryMono: 9_000,
        }),
      }),
    },
    {
      name: 'notices',
      snapshot: snapshotOf({
        warnings: [{ id: 'w', kind: 'keychain-unavailable', fileName: null }],
        recorder: recorderView({
          unconfirmed: [{ id: guid(3), directoryNumber: null, startedAt: 0, endedAt: 60_000 }],
        }),
      }),
    },
  ])('in $name', async ({ snapshot }) => {
    await open(snapshot);
    expect(await violations()).toEqual([]);
  });

  test('in the player', async () => {
    const { services } = await open(snapshotOf());
    act(() => {
      services.ui.getState().play(summary());
    });
    expect(screen.getByRole('region', { name: 'Player' })).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  test('in the details', async () => {
    const { services } = await open(snapshotOf());
    vi.useRealTimers();
    act(() => {
      services.ui.getState().showDetails(summary());
    });
    await screen.findByRole('dialog', { name: 'Recording details' });
    expect(await violations()).toEqual([]);
  });

  test.each(['account', 'line', 'shortcuts', 'notifications', 'appearance', 'connection', 'about'] as const)(
    'in the settings: %s',
    async (tab) => {
      const { services } = await open(snapshotOf());
      vi.useRealTimers();
      act(() => {
        services.ui.getState().showSettings(tab);
      });
      await screen.findByRole('tabpanel');
      expect(await violations()).toEqual([]);
    },
  );
});
