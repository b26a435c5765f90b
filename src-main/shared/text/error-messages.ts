import type { CodedError, ErrorCode, Operation } from '../domain/errors';
import { createTranslate } from './messages';

/** What happened, and what to do about it: one plain sentence each. */
export interface ErrorWords {
  readonly what: string;
  readonly next: string;
}

/**
 * English catalogue of failures. `{line}` `{device}` `{extension}` `{host}` `{username}` `{field}` `{accelerator}` may
 * be used; each is `none` where it is not known, which every sentence must read well with. `{again}` says how what
 * failed is done again, `{command}` what was asked for.
 */
const englishErrors: Readonly<Record<ErrorCode, ErrorWords>> = {
  'invalid-address': {
    what: 'This is not the address of a server.',
    next: 'Enter it as your IT department gave it, for example https://recorder.example.com.',
  },
  'invalid-username': {
    what: 'A username cannot contain a colon.',
    next: 'Enter your username without it.',
  },
  'host-not-found': {
    what: 'There is no server {host, select, none {of that name} other {named {host}}}.',
    next: 'Check the spelling of the address, and your VPN if you need one.',
  },
  'connection-refused': {
    what: '{host, select, none {The computer} other {The computer {host}}} answers, but no recording server is running there.',
    next: 'Check the address and its port, or ask your IT department.',
  },
  'connection-lost': {
    what: 'The connection to the recording server was cut.',
    next: 'Check your network{again}.',
  },
  timeout: {
    what: 'The recording server does not answer.',
    next: 'Check your network{again}.',
  },
  'not-sent': {
    what: 'The recording server does not answer, so this was not sent.',
    next: 'Check your network{again}.',
  },
  offline: {
    what: 'This computer has no network connection.',
    next: 'Connect it to the network{again}.',
  },
  'network-restarted': {
    what: 'A part of RecLight stopped by itself and was started again.',
    next: 'Wait a moment{again}.',
  },
  'tls-untrusted': {
    what: 'The certificate of {host, select, none {the server} other {{host}}} comes from an issuer that this computer does not trust.',
    next: 'Ask your IT department to install the certificate of that issuer on this computer.',
  },
  'tls-self-signed': {
    what: 'The certificate of {host, select, none {the server} other {{host}}} is self-signed, so this computer does not trust it.',
    next: 'Ask your IT department to install a certificate from your company’s issuer on the server, or to make this computer trust this one.',
  },
  'tls-expired': {
    what: 'The certificate of {host, select, none {the server} other {{host}}} has expired, or is not valid yet.',
    next: 'Check this computer’s clock; if it is right, ask your IT department to renew the certificate of the server.',
  },
  'tls-wrong-name': {
    what: 'The certificate of the server is for a name other than {host, select, none {the one in the address} other {{host}}}.',
    next: 'Ask your IT department for the address with the name that is in the certificate.',
  },
  'tls-weak': {
    what: 'The certificate of {host, select, none {the server} other {{host}}} is too weak to be trusted.',
    next: 'Ask your IT department to replace it with one that is signed with SHA-256 and has a longer key.',
  },
  'tls-revoked': {
    what: 'The certificate of {host, select, none {the server} other {{host}}} has been revoked.',
    next: 'Tell your IT department, and do not sign in before they have replaced it.',
  },
  'tls-faulty': {
    what: 'The certificate of {host, select, none {the server} other {{host}}} is faulty.',
    next: 'Ask your IT department to replace the certificate of the server.',
  },
  'tls-too-old': {
    what: 'The encryption of {host, select, none {the server} other {{host}}} is too old to be safe.',
    next: 'Ask your IT department to switch on TLS 1.2 or newer on the server.',
  },
  'client-certificate-required': {
    what: 'The server{host, select, none {} other { {host}}} asks for a client certificate, which RecLight does not send.',
    next: 'Ask your IT department to make client certificates optional for the call recording service.',
  },
  'https-expected': {
    what: '{host, select, none {The server} other {The server {host}}} does not respond to an address that begins with http.',
    next: 'Check your network{again}; if that does not help, the address may need to begin with https.',
  },
  'http-expected': {
    what: '{host, select, none {The server} other {The server {host}}} does not respond to an address that begins with https.',
    next: 'Check the address and its port with your IT department; it may need to begin with http.',
  },
  'proxy-login': {
    what: 'The network proxy of this computer requires a log-in, which RecLight cannot provide.',
    next: 'Ask your IT department to let RecLight reach the recording server without a log-in at the proxy.',
  },
  'proxy-failed': {
    what: 'The network proxy of this computer does not let RecLight through.',
    next: 'Ask your IT department to allow the recording server in the proxy.',
  },
  redirected: {
    what: 'The address leads to another page, perhaps a log-in page.',
    next: 'Open the address in a browser to see where it leads, then try again.',
  },
  'not-this-server': {
    what: 'The server at this address is not a call recording server.',
    next: 'Check the server address with your IT department.',
  },
  malformed: {
    what: 'The recording server sent a response that RecLight cannot read{field, select, none {} other { ({field})}}.',
    next: 'Tell your IT department; the server and RecLight may not be compatible.',
  },
  cancelled: { what: 'It was cancelled.', next: 'Start it again if you still want it.' },
  'signed-out': { what: 'You are not signed in.', next: 'Sign in first.' },
  unauthorized: {
    what: 'The server refuses this username and password.',
    next: 'Check both; if you sign in elsewhere with single sign-on (SSO), your administrator must set AllowBasicAuthForSsoUsersViaWebApi to 1 on the server.',
  },
  locked: {
    what: 'The server refused your password, so RecLight sends nothing more, to keep your account from being locked.',
    next: 'Sign in again with your current password; with single sign-on (SSO), ask your administrator to set AllowBasicAuthForSsoUsersViaWebApi to 1.',
  },
  'not-allowed': {
    what: 'Your account is not allowed to do this.',
    next: 'Ask your administrator for the right in Call Recording.',
  },
  'level-too-low': {
    what: 'Your account may not see or control recordings in progress.',
    next: 'Ask your administrator for Call Recording level 10 (Complete Management).',
  },
  'live-list-unavailable': {
    what: 'This server does not report which calls are being recorded: it is too old for that.',
    next: 'You can still start and stop recordings; ask your administrator for Call Recording 2019.Winter.1 or newer.',
  },
  'no-line-given': {
    what: 'The server received neither a directory number nor a device name.',
    next: 'Enter your line under Settings, Line.',
  },
  'line-not-monitorable': {
    what: '{device, select, none {{line, select, none {Your line} other {Line {line}}}} other {The phone {device}}} does not exist or cannot be monitored by the server.',
    next: 'Check your line under Settings, Line, or ask your administrator to make it monitorable through TAPI.',
  },
  'invalid-mode': {
    what: 'The server does not know the recording mode that is set.',
    next: 'Choose another recording mode under Settings, Line.',
  },
  'caller-without-extension': {
    what: 'The server has no extension for your user.',
    next: 'Enter your line under Settings, Line, or ask your administrator to add your extension.',
  },
  'device-not-manual': {
    what: 'Your phone is not set up for manual recording.',
    next: 'Ask your administrator to allow manual recording on it.',
  },
  'call-user-not-allowed': {
    what: 'The user of this call{username, select, none {} other {, {username},}} is not allowed to record.',
    next: 'Ask your administrator to authorise that user.',
  },
  'direction-excluded': {
    what: 'The server does not record calls in this direction.',
    next: 'Ask your administrator if such calls should be recorded.',
  },
  'traffic-excluded': {
    what: 'The server does not record this type of call.',
    next: 'Ask your administrator if such calls should be recorded.',
  },
  blacklisted: {
    what: 'The other number is on the server’s list of numbers that are never recorded.',
    next: 'Ask your administrator if that number should be recorded.',
  },
  'line-without-user': {
    what: '{extension, select, none {The line of this call has} other {Line {extension} has}} no user on the server, so the call cannot be recorded.',
    next: 'Ask your administrator to assign the line to a user.',
  },
  'no-connected-call': {
    what: 'There is no connected call on {line, select, none {your phone} other {line {line}}}.',
    next: 'Start the recording as soon as the call connects, or choose Record next call.',
  },
  'start-already-requested': {
    what: 'A recording of this call was already requested and has not started yet.',
    next: 'Wait a moment; RecLight shows it as soon as it starts.',
  },
  'already-recorded': {
    what: 'This call is already being recorded.',
    next: 'No action needed.',
  },
  'start-dropped': {
    what: 'The recording that was shown when you pressed Record is no longer on this line, and no new one was started.',
    next: 'To record another call, press Record again.',
  },
  'start-unconfirmed': {
    what: 'The server did not confirm the start, and your account may not see whether it had an effect: this call may be recorded.',
    next: 'Assume the call is being recorded; if you want it recorded, press Record again, and the server will say whether it is.',
  },
  'licence-invalid': {
    what: 'The server has no valid Call Recording licence.',
    next: 'Ask your administrator to check the licence.',
  },
  'no-recording-pilot': {
    what: 'The server has no recording pilot configured.',
    next: 'Ask your administrator to configure one.',
  },
  'pilot-misrouted': {
    what: 'The telephone system does not send the call to the recording server.',
    next: 'Ask your administrator to check the recording pilot or the media forking set-up, or choose the other recording mode under Settings, Line.',
  },
  'channels-in-use': {
    what: 'All recording channels of the server are in use.',
    next: 'Try again in a moment, when another recording has ended.',
  },
  'automatic-recording': {
    what: 'This phone is recorded automatically, so the recording cannot be controlled manually.',
    next: 'No action needed; ask your administrator if this should be changed.',
  },
  'not-a-live-recording': {
    what: 'That recording is no longer running.',
    next: 'No action needed; look for it among your recordings.',
  },
  'stop-unconfirmed': {
    what: 'The server no longer knows the recording that you wanted to stop, and your account may not see whether it goes on.',
    next: 'Assume the call is being recorded; press Stop again to stop whatever is recorded on your line.',
  },
  'still-recording': {
    what: 'It is still being recorded.',
    next: 'Press Stop again; if it continues, tell your administrator.',
  },
  'already-paused': { what: 'The recording is already paused.', next: 'Resume it when you are ready.' },
  'not-paused': { what: 'The recording is not paused.', next: 'No action needed.' },
  'pause-unavailable': {
    what: 'This server cannot pause recordings.',
    next: 'Stop the recording and start another one later in the call.',
  },
  'invalid-filter': {
    what: 'The server does not accept this search.',
    next: 'Change or clear the search.',
  },
  'invalid-paging': {
    what: 'The server does not accept the page that was asked for.',
    next: 'Refresh the list.',
  },
  'invalid-id': { what: 'The server does not know this recording ID.', next: 'Refresh the list.' },
  'recording-not-found': {
    what: 'This recording is no longer on the server.',
    next: 'It may have been removed when its retention period ended; ask your administrator.',
  },
  'recording-too-large': {
    what: 'This recording is too large to play here.',
    next: 'Save it, and play it with another program.',
  },
  'upload-unreadable': {
    what: 'The server could not read what was sent.',
    next: 'Try again; if it happens again, tell your IT department.',
  },
  'upload-metadata-invalid': {
    what: 'The server does not accept the details of this recording.',
    next: 'Check start, duration, direction and the numbers.',
  },
  'upload-audio-invalid': {
    what: 'The server does not accept this audio file.',
    next: 'Use a WAV file in PCM 16-bit, A-law or µ-law.',
  },
  'outside-retention': {
    what: 'The recording is older than the server keeps recordings.',
    next: 'Ask your administrator about the retention period.',
  },
  'upload-too-large': {
    what: 'The file is larger than the 256 MB that the server takes.',
    next: 'Shorten it or use a smaller format.',
  },
  'server-error': {
    what: 'The recording server reports an internal error.',
    next: 'Try again in a moment; if it happens again, tell your IT department.',
  },
  'service-down': {
    what: 'The call recording service is not running on the server.',
    next: 'Try again in a moment; if that does not help, tell your IT department.',
  },
  'rate-limited': {
    what: 'The server is asking for fewer requests.',
    next: 'Wait a moment{again}.',
  },
  'no-line-configured': {
    what: 'RecLight does not know which line to record.',
    next: 'Enter your line under Settings, Line.',
  },
  'invalid-argument': {
    what: 'RecLight received a request that it does not understand{field, select, none {} other { ({field})}}.',
    next: 'Try again; if it happens again, restart RecLight.',
  },
  busy: { what: 'This is already in progress.', next: 'Wait until it is done.' },
  'not-possible-now': { what: 'This is not possible right now.', next: 'Look at the state that is shown.' },
  'left-unsent': {
    what: 'RecLight was quit before it could carry out {command}.',
    next: 'It had no effect: do it again if you still want it.',
  },
  'left-unanswered': {
    what: 'The server had not answered {command} when RecLight stopped watching your line.',
    next: 'It may or may not have had an effect: check the state, or your recordings.',
  },
  'ended-unconfirmed': {
    what: 'The recording ended before {command} was confirmed.',
    next: 'It may or may not have had an effect: listen to the recording to know what it holds.',
  },
  'answers-disagree': {
    what: 'The responses of the server contradict each other.',
    next: 'Wait a moment; if that does not help, tell your IT department.',
  },
  'keychain-unavailable': {
    what: 'This computer has no working keychain, so your password cannot be remembered.',
    next: 'You stay signed in until you quit RecLight.',
  },
  'keychain-unreadable': {
    what: 'Your remembered password could not be read from the keychain of this computer.',
    next: 'Unlock the keychain and restart RecLight, or enter your password again.',
  },
  'refusals-unreadable': {
    what: 'RecLight cannot currently read whether the server refused your password, so it does not send the remembered one.',
    next: 'Enter your password, or wait until the file can be read again.',
  },
  'keychain-not-cleared': {
    what: 'You are signed out, but your password could not be removed from the keychain of this computer.',
    next: 'RecLight tries again the next time it starts; or remove the RecLight entry there yourself.',
  },
  'browser-unavailable': {
    what: 'Your web browser could not be opened.',
    next: 'Open the address of the recording server in it yourself.',
  },
  'settings-unwritable': {
    what: 'Your settings could not be saved.',
    next: 'Check that your disk is not full and your profile folder is writable.',
  },
  'invalid-accelerator': {
    what: '{accelerator, select, none {This} other {{accelerator}}} cannot be used as a shortcut on this computer.',
    next: 'Choose one with Ctrl, Alt or Command and one more key.',
  },
  'accelerator-taken': {
    what: 'The shortcut{accelerator, select, none {} other { {accelerator}}} is already in use, by another program or by RecLight itself.',
    next: 'Choose another one under Settings, Shortcuts.',
  },
  'shortcuts-unsupported': {
    what: 'This desktop (Wayland) does not let programs set global shortcuts.',
    next: 'Assign the command shown here in the keyboard settings of your desktop.',
  },
  'file-unwritable': {
    what: 'The file could not be written.',
    next: 'Choose another folder, or check that you may write to this one.',
  },
  'folder-gone': {
    what: 'The folder is no longer there.',
    next: 'Bring it back, for example by plugging its drive in, and try again; or save to another folder.',
  },
  'disk-full': { what: 'The disk is full.', next: 'Free some space, then try again.' },
  'file-exists': { what: 'A file with that name already exists.', next: 'Choose another name.' },
  'name-too-long': {
    what: 'The name is too long for a file in this folder.',
    next: 'Save it again under a shorter name.',
  },
  internal: {
    what: 'Something went wrong inside RecLight.',
    next: 'Try again; if it happens again, restart RecLight and send its log to your IT department.',
  },
};

/** Only the question what is recorded is asked again without the user; everything else waits for them. */
const doneAgain: Readonly<Record<Operation, string>> = {
  start: ', then press Record again',
  stop: ', then press Stop again',
  pause: ', then press Pause again',
  resume: ', then press Resume again',
  active: '; RecLight tries again by itself',
  list: ', then choose Try again',
  details: ', then choose Try again',
  download: ', then choose Try again',
  upload: ', then send it again',
  probe: ', then try again',
  'sign-in': ', then choose Sign in again',
  settings: ', then try again',
  hotkey: ', then try again',
  file: ', then try again',
  ipc: ', then try again',
};

/** What was asked for, by the name of its button. */
const commandNames: Readonly<Partial<Record<Operation, string>>> = {
  start: 'Record',
  stop: 'Stop',
  pause: 'Pause',
  resume: 'Resume',
  file: 'Mark moment',
};

/** The first that is known; the word `none` lets a sentence leave the name out. */
function named(...names: readonly (string | undefined)[]): string {
  return names.find((name) => name !== undefined && name !== '') ?? 'none';
}

/**
 * The two sentences for a failure.
 * @param error as it came from a result or a snapshot
 */
export function describeError(error: CodedError): ErrorWords {
  const { what, next } = englishErrors[error.code];
  const translate = createTranslate({ what, next });
  const { detail } = error;
  const values = {
    line: named(detail.directoryNumber, detail.extension),
    device: named(detail.deviceName),
    extension: named(detail.extension),
    username: named(detail.username),
    host: named(detail.host),
    field: named(detail.field),
    accelerator: named(detail.accelerator),
    again: doneAgain[error.operation],
    command: commandNames[error.operation] ?? 'a command',
  };
  return {
    what: translate('what', values),
    next: translate('next', values),
  };
}

/** What Chromium and the OS call their failures; the words of anybody else look otherwise. */
const networkCode = /^[A-Z][A-Z0-9_]{2,79}$/;

/**
 * A failure in short, for support: `no-connected-call (409/1)`, `tls-expired (ERR_CERT_DATE_INVALID)`.
 * @param error as it came from a result or a snapshot
 */
export function errorReference(error: CodedError): string {
  const { status, reason, message = '' } = error.detail;
  if (status === undefined) return networkCode.test(message) ? `${error.code} (${message})` : error.code;
  return `${error.code} (${status}${reason === undefined ? '' : `/${reason}`})`;
}
