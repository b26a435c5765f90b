import { createTranslate } from '@shared/text/messages';

const messages = {
  form: 'Sign in',
  intro: 'Sign in to your recording server.',
  lockedIntro: 'Enter your current password to go on.',
  serverAddress: 'Server address',
  serverHint: 'recorder.example.com',
  serverFixed: 'Set by your administrator.',
  username: 'Username',
  password: 'Password',
  remember: 'Remember me on this computer',
  noKeychain:
    'This computer has no working keychain: your password cannot be remembered, and you stay signed in until you quit RecLight.',
  line: 'Your line',
  directoryNumber: 'Directory number',
  deviceName: 'Device name',
  mode: 'Recording mode',
  mediaForking: 'Media forking',
  dialIn: 'Dial-in',
  lineHint: 'You can leave this empty: RecLight suggests your line from your newest recording.',
  submit: 'Sign in',
  submitting: 'Signing in…',
  serverMissing: 'Enter the address of your recording server.',
  usernameMissing: 'Enter your username.',
  passwordMissing: 'Enter your password.',
  keychainWait: 'Waiting for your computer’s keychain; it may be asking you to unlock it.',
  skipKeychain: 'Sign in with the password instead',
} as const;

/** Words of the sign-in form. */
export const text = createTranslate(messages);
