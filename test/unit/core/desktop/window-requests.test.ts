import { describe, expect, it, vi } from 'vitest';

import { createIntents } from '../../../../src-main/core/desktop/window-requests';
import { summary } from '../../../fixtures/examples';

describe('intents', () => {
  it('are kept until a window has done them', () => {
    const changed = vi.fn();
    const intents = createIntents(changed);
    expect(intents.view()).toBeNull();
    const recording = summary();
    intents.play(recording);
    expect(intents.view()).toEqual({ sequence: 1, kind: 'play', recording });
    expect(intents.view()).toEqual({ sequence: 1, kind: 'play', recording });
    intents.acknowledge(1);
    expect(intents.view()).toBeNull();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('give way to newer ones, which an old acknowledgement does not end', () => {
    const intents = createIntents(() => {});
    intents.play(summary());
    intents.showSettings();
    intents.acknowledge(1);
    expect(intents.view()).toEqual({ sequence: 2, kind: 'show-settings' });
    intents.acknowledge(2);
    expect(intents.view()).toBeNull();
  });

  it('ask for the same thing again with a new sequence', () => {
    const intents = createIntents(() => {});
    intents.play(summary());
    intents.acknowledge(1);
    intents.play(summary());
    expect(intents.view()?.sequence).toBe(2);
  });

  it('are dropped with their user, and the next ones are still told apart', () => {
    const changed = vi.fn();
    const intents = createIntents(changed);
    intents.clear();
    expect(changed).not.toHaveBeenCalled();
    intents.play(summary());
    intents.clear();
    expect(intents.view()).toBeNull();
    intents.play(summary());
    expect(intents.view()?.sequence).toBe(2);
  });

  it('change nothing at an acknowledgement that is not theirs', () => {
    const changed = vi.fn();
    const intents = createIntents(changed);
    intents.acknowledge(0);
    intents.acknowledge(9);
    expect(changed).not.toHaveBeenCalled();
  });
});
