import { createTranslate } from '@shared/text/messages';

const messages = {
  region: 'Saves',

  recording: 'Recording',
  list: 'List of recordings',
  evidence: 'Evidence package',

  queued: 'Waiting',
  retrying: 'Tries again by itself',
  paused: 'Paused',
  verifying: 'Checking…',
  done: 'Saved',
  verified: 'Saved, verified',
  unverified: 'Saved, could not be verified',
  unverifiedHint: 'The server tells no checksum that describes this file. That says nothing against it.',
  cancelled: 'Cancelled',
  failed: 'Not saved',

  bytesOf: '{received} of {size}',
  rows: '{count, plural, one {# recording} other {# recordings}}',
  unreadable: '{count, plural, one {# row} other {# rows}} could not be read',
  rowsOf: '{count} of {size, plural, one {# recording} other {# recordings}}',
  speed: '{size}/s',
  progress: 'Saving {name}',

  savedOf: '{done} of {total} saved',
  saved: '{done} saved',
  someFailed: '{count} not saved',
  somePaused: '{count} paused',
  someCancelled: '{count} cancelled',
  hidden: '{count, plural, one {# more save is} other {# more saves are}} not shown.',

  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try again',
  show: 'Show in folder',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  cancelAll: 'Cancel all',
  retryAll: 'Try all again',
  clear: 'Clear finished',
  expand: 'Show saves',

  allSaved: '{count, plural, one {# save is} other {# saves are}} complete.',
  endedWithFailures:
    '{failed, plural, one {# save} other {# saves}} failed; {done, plural, one {# is} other {# are}} complete.',
} as const;

/** Words of what is being kept. */
export const text = createTranslate(messages);
