// Moves the wall clock of whatever loads it by RECLIGHT_TEST_CLOCK_OFFSET ms: a Node process, Electron's main process,
// or the page of a window that has it as a preload script. Time still runs; monotonic clocks are left alone.
'use strict';

/**
 * Moves `Date` and `performance.timeOrigin`. It is also run in pages as text, so it may use nothing from outside.
 *
 * @param {number} offset ms from the machine's own clock; a later call replaces that of an earlier one
 */
function moveClock(offset) {
  const key = Symbol.for('reclight.movedClock');
  /** @type {{offset: number} | undefined} */
  const moved = Reflect.get(globalThis, key);
  if (moved !== undefined) {
    moved.offset = offset;
    return;
  }
  const clock = { offset };
  Reflect.set(globalThis, key, clock);
  const RealDate = Date;
  const realNow = RealDate.now;
  const realOrigin = performance.timeOrigin;
  const now = () => realNow() + clock.offset;
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;
  Object.defineProperty(performance, 'timeOrigin', {
    configurable: true,
    get: () => realOrigin + clock.offset,
  });
}

const given = process.env['RECLIGHT_TEST_CLOCK_OFFSET'];

if (given !== undefined) {
  // A preload script has a world of its own; the page's is the one that counts.
  if (process.type === 'renderer') {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a sandboxed script has no `module.require`.
    const { webFrame } = require('electron');
    void webFrame.executeJavaScript(`(${moveClock})(${Number(given)})`);
  } else {
    moveClock(Number(given));
  }
}

module.exports.moveClock = moveClock;
