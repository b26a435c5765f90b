import { EventEmitter } from 'node:events';

import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';

import { createNetworkSessions } from '../../../src-main/electron/network-sessions';
import { silentLog } from '../../fixtures/memory-file';
import { VirtualClock } from '../../fixtures/virtual-clock';

/** Sessions over an Electron whose processes end when told to. */
function setUp() {
  const children = new EventEmitter();
  const clock = new VirtualClock();
  const opened: string[] = [];
  const sessions = createNetworkSessions({
    children,
    open: (partition) => {
      opened.push(partition);
      return { partition } as unknown as Session;
    },
    noteSelfSigned: () => undefined,
    clock,
    log: silentLog,
  });
  let replacements = 0;
  sessions.onReplaced(() => (replacements += 1));
  return {
    sessions,
    clock,
    opened,
    children,
    replacements: () => replacements,
    gone: (serviceName: string, reason = 'killed') =>
      children.emit('child-process-gone', {}, { serviceName, reason }),
  };
}

const networkService = 'network.mojom.NetworkService';

describe('the sessions for requests', () => {
  it('stay the same as long as nothing dies', () => {
    const { sessions, opened, replacements } = setUp();
    expect(sessions.current()).toBe(sessions.current());
    expect(opened).toEqual(['queries-1', 'commands-1']);
    expect(replacements()).toBe(0);
  });

  it('are both made anew, under names never used before, each time the network service dies (G12)', () => {
    const { sessions, opened, gone, replacements } = setUp();
    const pairs = new Set([sessions.current()]);
    for (const reason of ['killed', 'crashed', 'oom', 'abnormal-exit']) {
      gone(networkService, reason);
      pairs.add(sessions.current());
    }
    expect(pairs.size).toBe(5);
    expect(new Set(opened).size).toBe(10);
    expect(replacements()).toBe(4);
  });

  it.each([
    ['audio.mojom.AudioService', 'killed'],
    ['GPU', 'killed'],
    [networkService, 'clean-exit'],
  ])('stay the same when %s ends: %s', (serviceName, reason) => {
    const { sessions, gone, replacements } = setUp();
    const pair = sessions.current();
    gone(serviceName, reason);
    expect(sessions.current()).toBe(pair);
    expect(replacements()).toBe(0);
  });

  it('are not made for the death of a service that nobody used', () => {
    const { gone, opened } = setUp();
    gone(networkService);
    expect(opened).toEqual([]);
  });

  it('are left alone after dispose', () => {
    const { sessions, children } = setUp();
    sessions.dispose();
    expect(children.listenerCount('child-process-gone')).toBe(0);
  });
});

describe('a failure without a cause', () => {
  it('is our own where the death is reported after it (G12)', async () => {
    const { sessions, gone } = setUp();
    const failing = sessions.failed(sessions.current());
    gone(networkService);
    expect(await failing).toBe(true);
  });

  it('is our own where the sessions have been replaced before it (G12)', async () => {
    const { sessions, gone } = setUp();
    const pair = sessions.current();
    gone(networkService);
    expect(await sessions.failed(pair)).toBe(true);
  });

  it('is the network’s where no death is reported within a second', async () => {
    const { sessions, clock, replacements } = setUp();
    const failing = sessions.failed(sessions.current());
    await clock.advance(1_000);
    expect(await failing).toBe(false);
    expect(clock.pending()).toBe(0);
    expect(replacements()).toBe(0);
  });

  it('makes new sessions where it comes twice in a row without a report (G12)', async () => {
    const { sessions, replacements } = setUp();
    const pair = sessions.current();
    const first = sessions.failed(pair);
    expect(await sessions.failed(pair)).toBe(true);
    expect(await first).toBe(true);
    expect(sessions.current()).not.toBe(pair);
    expect(replacements()).toBe(1);
  });

  it('makes none where a response came in between', async () => {
    const { sessions, clock, replacements } = setUp();
    const pair = sessions.current();
    for (let round = 0; round < 3; round += 1) {
      const failing = sessions.failed(pair);
      await clock.advance(1_000);
      expect(await failing).toBe(false);
      sessions.answered(pair);
    }
    expect(replacements()).toBe(0);
  });

  it('makes new ones ever more rarely as long as nothing is answered', async () => {
    const { sessions, clock, replacements } = setUp();
    for (let failures = 0; failures < 1_000; failures += 1) {
      const failing = sessions.failed(sessions.current());
      await clock.advance(1_000);
      await failing;
    }
    expect(replacements()).toBeLessThan(10);
  });
});
