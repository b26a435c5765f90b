import { describe, expect, it, vi } from 'vitest';

import { createWindowRequests } from '../../../../src-main/core/desktop/window-requests';
import { summary } from '../../../fixtures/examples';

describe('windowRequests', () => {
  it('are kept until a window has done them', () => {
    const changed = vi.fn();
    const windowRequests = createWindowRequests(changed);
    expect(windowRequests.view()).toBeNull();
    const recording = summary();
    windowRequests.play(recording);
    expect(windowRequests.view()).toEqual({ sequence: 1, kind: 'play', recording });
    expect(windowRequests.view()).toEqual({ sequence: 1, kind: 'play', recording });
    windowRequests.acknowledge(1);
    expect(windowRequests.view()).toBeNull();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('give way to newer ones, which an old acknowledgement does not end', () => {
    const windowRequests = createWindowRequests(() => {});
    windowRequests.play(summary());
    windowRequests.showSettings();
    windowRequests.acknowledge(1);
    expect(windowRequests.view()).toEqual({ sequence: 2, kind: 'show-settings' });
    windowRequests.acknowledge(2);
    expect(windowRequests.view()).toBeNull();
  });

  it('ask for the same thing again with a new sequence', () => {
    const windowRequests = createWindowRequests(() => {});
    windowRequests.play(summary());
    windowRequests.acknowledge(1);
    windowRequests.play(summary());
    expect(windowRequests.view()?.sequence).toBe(2);
  });

  it('are dropped with their user, and the next ones are still told apart', () => {
    const changed = vi.fn();
    const windowRequests = createWindowRequests(changed);
    windowRequests.clear();
    expect(changed).not.toHaveBeenCalled();
    windowRequests.play(summary());
    windowRequests.clear();
    expect(windowRequests.view()).toBeNull();
    windowRequests.play(summary());
    expect(windowRequests.view()?.sequence).toBe(2);
  });

  it('change nothing at an acknowledgement that is not theirs', () => {
    const changed = vi.fn();
    const windowRequests = createWindowRequests(changed);
    windowRequests.acknowledge(0);
    windowRequests.acknowledge(9);
    expect(changed).not.toHaveBeenCalled();
  });
});
