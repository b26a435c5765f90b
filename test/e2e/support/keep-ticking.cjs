// Loaded into a driven main process before anything else.
//
// Playwright runs its code there by interrupting whatever runs. Where that is the end of Node's own loop over
// `process.nextTick` and the code schedules something, Node takes its queue for one that is under way and never looks at
// it again: no stream, no request and no answer moves any more. A rejection, handled at once, makes Node look. Only a
// process that is driven so can come to that; the packaged app has no inspector.
'use strict';

const standsStillMs = 100;

setInterval(() => {
  Promise.reject(new Error('look again')).catch(() => undefined);
}, standsStillMs);
