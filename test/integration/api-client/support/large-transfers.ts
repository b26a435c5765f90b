import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Simulator } from '../../../tools/simulator';
import { startSimulator } from '../../../tools/simulator';
import type { ProbeClient } from './probe-client';
import type { TransferReport } from './probe-protocol';

const largeBytes = 200 * 1_048_576;
const maxGrowthBytes = 48 * 1_048_576;

/**
 * 200 MB through the client, either way, in a process that must not grow by more than 48 MB.
 * @param start gives the probe; ended by its maker
 * @param warmUpBytes what goes through before, so that code and buffers that stay are there already
 */
export function describeLargeTransfers(name: string, start: () => ProbeClient, warmUpBytes: number): void {
  describe(name, () => {
    let simulator: Simulator;
    let large: string;
    let small: string;

    const account = () => ({
      serverAddress: simulator.url,
      username: 'anna.rossi',
      password: 'Anna-101-demo',
    });
    const metadata = {
      startTime: Date.now() - 3_600_000,
      durationMs: 60_000,
      direction: 'incoming',
      localParty: { username: 'anna.rossi', phoneNumber: '101' },
      remotePhoneNumber: null,
      pbxCallId: null,
      notes: null,
      preserved: false,
    } as const;
    const download = (id: string) => start().run<TransferReport>(account(), { kind: 'download', id });
    const upload = (sizeBytes: number) =>
      start().run<TransferReport>(account(), { kind: 'upload', metadata, sizeBytes });

    beforeAll(async () => {
      simulator = await startSimulator();
      const add = (exactBytes: number): string =>
        simulator.recordings.add({
          ownerUsername: 'anna.rossi',
          localPartyNumber: '101',
          media: { voice: 'speech', exactBytes },
        }).id;
      large = add(largeBytes);
      small = add(warmUpBytes);
    });

    afterAll(async () => {
      await simulator.close();
    });

    it('downloads 200 MB', async () => {
      await download(small);
      const report = await download(large);
      expect(report).toMatchObject({ bytes: largeBytes, error: null });
      expect(report.growthBytes).toBeLessThan(maxGrowthBytes);
    });

    it('uploads 200 MB', async () => {
      await upload(warmUpBytes);
      const before = simulator.requests.filter('upload').length;
      const report = await upload(largeBytes);
      expect(report).toMatchObject({ bytes: largeBytes, error: null });
      expect(report.growthBytes).toBeLessThan(maxGrowthBytes);
      expect(simulator.requests.filter('upload')).toHaveLength(before + 1);
    });
  });
}
