import { expect } from 'vitest';

import type { MediaSpec } from '../../tools/simulator';
import { basic, passwords } from '../../tools/simulator/testing/caller';
import type { Harness } from './harness';

/** Everything else waits on this machine too. */
export const patient = { timeout: 20_000 } as const;

/**
 * Drives the player of a harness.
 * @param harness the one that is set when a test runs
 */
export function drivePlayer(harness: () => Harness) {
  let added = 0;
  const window = () => harness().reclight.window;
  const player = () => window().getByRole('region', { name: 'Player' });
  const audio = <Value>(look: (element: HTMLAudioElement) => Value) =>
    window()
      .locator('audio')
      .evaluate(look as (element: HTMLElement | SVGElement) => Value);
  const refresh = () => window().getByRole('button', { name: 'Refresh' }).click();
  const row = (remote: string) =>
    window()
      .getByRole('grid', { name: 'Recordings' })
      .getByRole('row', { name: new RegExp(`\\${remote}`) })
      .first();

  /** Puts a recording on top of the list. */
  const add = async (durationMs: number, media: Partial<MediaSpec>) => {
    added += 1;
    const remote = `+39029900${String(added).padStart(4, '0')}`;
    const { simulator } = harness();
    const { id } = simulator.recordings.add({
      startMs: simulator.clock.now() - 1_000,
      durationMs,
      direction: 1,
      ownerUsername: 'anna.rossi',
      localPartyNumber: '101',
      remotePartyNumber: remote,
    });
    simulator.recordings.setMedia(id, media);
    await refresh();
    // A list that still moves would take the next press to another row.
    await row(remote).waitFor();
    return { id, remote };
  };

  /** Plays a recording of the list. */
  const open = async (remote: string): Promise<void> => {
    await row(remote).dblclick();
    await player().getByText(remote).waitFor();
  };

  const position = () => player().getByRole('slider', { name: 'Position' });

  return {
    player,
    button: (name: string) => player().getByRole('button', { name, exact: true }),
    position,
    /** Seconds, as they are shown: an element knows none of its own where a server tells no length of the bytes. */
    length: async () => Number(await position().getAttribute('max')),
    audio,
    currentTime: () => audio((element) => element.currentTime),
    waveform: () => player().locator('.player-wave').getAttribute('data-waveform'),
    downloads: () => harness().simulator.requests.filter('media').length,
    add,
    open,
    /** Puts a recording on top of the list and plays it. @returns its id */
    play: async (durationMs: number, media: Partial<MediaSpec>): Promise<string> => {
      const { id, remote } = await add(durationMs, media);
      await open(remote);
      return id;
    },
    /** Puts a sound among Anna's recordings, as the vendor's API takes it. @returns its id */
    upload: async (remote: string, mp3: Uint8Array, seconds = 60): Promise<string> => {
      const { simulator } = harness();
      const form = new FormData();
      const metadata = {
        startDateTime: new Date(simulator.clock.now() - 1_000).toISOString(),
        duration: `PT${seconds}S`,
        direction: 1,
        localParty: { username: 'anna.rossi', phoneNumber: '101' },
        remoteParty: { phoneNumber: remote },
      };
      form.set('jsondata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
      form.set('attachment', new Blob([new Uint8Array(mp3)], { type: 'audio/mpeg' }), 'sound.mp3');
      const answer = await fetch(`${simulator.apiUrl}/Recordings`, {
        method: 'POST',
        headers: { authorization: basic('anna.rossi', passwords['anna.rossi']) },
        body: form,
      });
      expect(answer.status).toBe(201);
      const { id } = (await answer.json()) as { readonly id: string };
      await refresh();
      return id;
    },
    /** Makes the player ready for the next test. */
    leave: async (): Promise<void> => {
      const close = player().getByRole('button', { name: 'Close player' });
      if ((await close.count()) > 0) await close.click();
      harness().simulator.faults.clear();
      harness().simulator.requests.clear();
      harness().simulator.audit.clear();
    },
  };
}
