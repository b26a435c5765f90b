import { createTranslate } from '@shared/text/messages';

const messages = {
  region: 'Recorder',

  statusNotRecording: 'Not recording',
  statusStarting: 'Starting…',
  statusRecording: 'Recording',
  statusPaused: 'Paused',
  statusStopping: 'Stopping…',
  statusWaiting: 'Waiting for a call…',
  statusUnknown: 'State unknown',
  statusNotVisible: 'Not visible to you',

  record: 'Record',
  stop: 'Stop',
  stopOther: 'Stop {party}',
  pause: 'Pause',
  resume: 'Resume',
  recordNextCall: 'Record next call',
  cancel: 'Cancel',
  markMoment: 'Mark moment',
  tryNow: 'Try now',

  line: 'Line {line}',
  device: 'Phone {device}',
  ownLine: 'Your own line, {username}',
  party: '{name} · {number}',
  colleague: '{username}: {party}',
  asOf: 'as of {time}',
  lastSeen: '{seconds, plural, =0 {last seen just now} other {last seen # s ago}}',
  keptFrom: 'Kept from {time}, the beginning of the call',
  asking: 'Asking the server…',
  signingIn: 'Signing in…',
  waitingHint: 'Your next call is recorded as soon as it connects.',
  wasRecording: 'Was recording {party} at {time}',
  wasNotRecording: 'Was not recording at {time}',
  neverKnown: 'The server has not told the state yet.',
  tryingAgain: 'Trying again in {seconds} s.',
  tryingNow: 'Trying again now.',
  notVisible:
    'Your account may not see recordings in progress. Ask your administrator for Call Recording level 10 (Complete Management).',
  startedHere: 'Started here at {time}; it cannot be confirmed.',
  more: 'Also being recorded',

  notices: 'Notices',
  suggestion: 'Your newest recording was made on line {line}.',
  useLine: 'Use line {line}',

  warningSettingsDamaged:
    'Your settings file was damaged and was set aside as {file}. What could be read of it is kept; check the rest under Settings.',
  warningSettingsUnwritable:
    'Your settings cannot be saved. Check that your disk is not full and your profile folder is writable.',
  warningKeychain:
    'This computer has no working keychain, so your password is not remembered. You stay signed in until you quit RecLight.',
  warningKeychainNotCleared:
    'A password that is no longer used could not be removed from the keychain of this computer. RecLight tries again the next time it starts; or remove the RecLight entry there yourself.',
  warningPolicy:
    'The settings of your administrator cannot be used{field, select, none {} other { ({field})}}, so your own are in force. Tell your IT department.',
  warningStateDamaged:
    'A file of RecLight could not be read and was set aside as {file}. Marks, unfinished saves or unconfirmed recordings from before may be missing.',
  warningStateUnwritable:
    'The file {file} of RecLight cannot be saved. Check that your disk is not full and your profile folder is writable; RecLight tries again by itself.',
  warningFileUnreadable:
    'The file {file} of RecLight cannot be read at present, perhaps because another program holds it. It is left as it is, and RecLight tries again by itself; what you change meanwhile is saved then.',
  warningFileNewer:
    'The file {file} was written by a newer RecLight. It is left as it is, so changes are not saved; install the newer version again.',

  unconfirmedTitle: 'Not found among your recordings',
  unconfirmedLine: 'Line {line}, {from} – {to}',
  unconfirmed: '{from} – {to}',
  unconfirmedHint: 'Ask your administrator whether they were saved.',
} as const;

/** Words of the recording light. */
export const text = createTranslate(messages);

/** A key of {@link text}. */
export type RecorderText = keyof typeof messages;
