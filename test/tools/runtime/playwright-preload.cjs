// Loaded into a main process that Playwright drives, before anything else.
'use strict';

/** @type {typeof import('electron')} */
const { app } = module.require('electron');
module.require('./moved-clock.cjs');

// A page has a clock of its own. Its preload scripts run before the page's own scripts.
if (process.env['RECLIGHT_TEST_CLOCK_OFFSET'] !== undefined) {
  const script = module.require('node:path').join(__dirname, 'moved-clock.cjs');
  app.on('session-created', (session) => {
    // Electron 35 replaced `setPreloads`; older ones are driven as well.
    if (typeof session.registerPreloadScript === 'function') {
      session.registerPreloadScript({ type: 'frame', filePath: script });
    } else {
      session.setPreloads([...session.getPreloads(), script]);
    }
  });
}

// Playwright waits for the first navigation of every page that it attaches to. Of a page in the middle of it the commit
// may be told before Playwright listens, and then it waits for ever: no window may be there before Playwright is. Its
// last step of attaching is to call the function with this name.
const ready = app.whenReady();
const attached = new Promise((resolve) => {
  Object.assign(globalThis, { __playwright_run: resolve });
});
app.whenReady = () => attached.then(() => ready);

// Playwright runs its code there by interrupting whatever runs. Where that is the end of Node's own loop over
// `process.nextTick` and the code schedules something, Node takes its queue for one that is under way and never looks at
// it again: no stream, no request and no answer moves any more. A rejection, handled at once, makes Node look. Only a
// process that is driven so can come to that; the packaged app has no inspector.
const standsStillMs = 100;

setInterval(() => {
  Promise.reject(new Error('look again')).catch(() => undefined);
}, standsStillMs);
