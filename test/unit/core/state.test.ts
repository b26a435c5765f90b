import { describe, expect, it, vi } from 'vitest';

import type { RecorderStatus, Snapshot } from '@shared/ipc/snapshot';
import { createState } from '../../../src-main/core/state';
import { recorderView, snapshotOf } from '../../fixtures/examples';
import { silentLog } from '../../fixtures/memory-file';
import { settle, VirtualClock } from '../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  let status: RecorderStatus = 'connecting';
  const example = snapshotOf();
  const state = createState(clock, silentLog, {
    session: () => example.session,
    recorder: () => recorderView({ status }),
    hotkeys: () => example.hotkeys,
    settings: () => example.settings,
    managedSettings: () => example.managedSettings,
    recordings: () => example.recordings,
    marks: () => example.marks,
    removals: () => [],
    keep: () => example.keep,
    environment: () => example.environment,
    warnings: () => example.warnings,
    intent: () => example.intent,
    cue: () => example.cue,
  });
  const heard: Snapshot[] = [];
  const subscription = state.onSnapshot((snapshot) => heard.push(snapshot));
  const show = (next: RecorderStatus) => {
    status = next;
    state.markDirty();
  };
  return { clock, state, heard, show, subscription };
}

describe('state', () => {
  it('projects every part, and nothing else, stamped with the present moment', async () => {
    const { clock, state } = setUp();
    await clock.advance(1_234);
    expect(state.snapshot()).toEqual(
      snapshotOf({ sentAtMono: 1_234, recorder: recorderView({ status: 'connecting' }) }),
    );
  });

  it('makes one revision of many touches in one turn, with the last of what was shown', async () => {
    const { state, heard, show } = setUp();
    const { revision } = state.snapshot();
    show('starting');
    show('recording');
    show('paused');
    await settle();
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ revision: revision + 1, recorder: { status: 'paused' } });
  });

  it('grows by each change, so that a window never takes the older of two', async () => {
    const { state, heard, show } = setUp();
    for (const status of ['starting', 'recording', 'stopping'] as const) {
      show(status);
      await settle();
    }
    const revisions = heard.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(revisions).size).toBe(3);
    expect(state.snapshot().revision).toBe(revisions.at(-1));
  });

  it('hands a window that asks between a change and its event nothing that it would then keep', () => {
    const { state, heard, show } = setUp();
    show('recording');
    const pulled = state.snapshot();
    return settle().then(() => {
      expect(heard[0]?.revision).toBeGreaterThan(pulled.revision);
    });
  });

  it('tells a change that a listener makes', async () => {
    const { state, heard, show } = setUp();
    const once = state.onSnapshot(() => {
      once.dispose();
      show('stopping');
    });
    show('recording');
    await settle();
    expect(heard.map(({ recorder }) => recorder.status)).toEqual(['recording', 'stopping']);
  });

  it('tells nobody after dispose, nor after a subscription ended', async () => {
    const { state, heard, show, subscription } = setUp();
    const other = vi.fn();
    state.onSnapshot(other);
    subscription.dispose();
    show('recording');
    await settle();
    expect(heard).toEqual([]);
    expect(other).toHaveBeenCalledTimes(1);
    show('stopping');
    state.dispose();
    await settle();
    show('recording');
    await settle();
    expect(other).toHaveBeenCalledTimes(1);
  });
});
