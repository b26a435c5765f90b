import { describe, expect, it, vi } from 'vitest';

import { createEmitter } from '../../../../src-main/core/lib/emitter';
import { keptLog, silentLog } from '../../../fixtures/memory-file';

describe('emitter', () => {
  it('calls its listeners in the order in which they came, with everything it was given', () => {
    const emitter = createEmitter<[string, number]>(silentLog);
    const heard: string[] = [];
    emitter.on((text, number) => heard.push(`first ${text} ${number}`));
    emitter.on((text, number) => heard.push(`second ${text} ${number}`));
    emitter.emit('a', 1);
    expect(heard).toEqual(['first a 1', 'second a 1']);
  });

  it('calls nobody after dispose, however often that is called', () => {
    const emitter = createEmitter<[]>(silentLog);
    const listener = vi.fn();
    const subscription = emitter.on(listener);
    subscription.dispose();
    subscription.dispose();
    emitter.emit();
    expect(listener).not.toHaveBeenCalled();
  });

  it('keeps apart two subscriptions of one function', () => {
    const emitter = createEmitter<[]>(silentLog);
    const listener = vi.fn();
    const first = emitter.on(listener);
    emitter.on(listener);
    emitter.emit();
    expect(listener).toHaveBeenCalledTimes(2);
    first.dispose();
    emitter.emit();
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('does not call a listener that another one has just ended', () => {
    const emitter = createEmitter<[]>(silentLog);
    const listener = vi.fn();
    emitter.on(() => {
      later.dispose();
    });
    const later = emitter.on(listener);
    emitter.emit();
    expect(listener).not.toHaveBeenCalled();
  });

  it('calls a listener that came during an event from the next one on', () => {
    const emitter = createEmitter<[]>(silentLog);
    const listener = vi.fn();
    const first = emitter.on(() => {
      first.dispose();
      emitter.on(listener);
    });
    emitter.emit();
    expect(listener).not.toHaveBeenCalled();
    emitter.emit();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('calls the others where one fails, and logs that without what the error says', () => {
    const log = keptLog();
    const emitter = createEmitter<[string]>(log);
    const heard: string[] = [];
    emitter.on(() => {
      throw new TypeError('+39 333 1234567');
    });
    emitter.on((text) => heard.push(text));
    emitter.emit('a');
    expect(heard).toEqual(['a']);
    expect(log.lines).toEqual(['error a listener failed {"error":"TypeError"}']);
  });
});
