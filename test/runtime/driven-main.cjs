// Loaded into a main process that Playwright drives, before anything else.
'use strict';

/** @type {typeof import('electron')} */
const { app } = module.require('electron');

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
