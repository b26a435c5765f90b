import { createTranslate } from '@shared/text/messages';

const messages = {
  view: 'Settings',
  back: 'Back',
  tabs: 'Settings',
  account: 'Account',
  line: 'Line',
  shortcuts: 'Shortcuts',
  notifications: 'Notifications',
  appearance: 'Appearance',
  connection: 'Connection',
  about: 'About',

  signedInAs: 'Signed in as',
  server: 'Server',
  password: 'Password',
  remembered: 'Kept in this computer’s keychain',
  notRemembered: 'Not kept; you stay signed in until you quit RecLight',
  signOut: 'Sign out',
  signedOut: 'Nobody is signed in.',

  mediaForking: 'Media forking',
  dialIn: 'Dial-in',
  lineHint:
    'The light follows this line. With both given, number and device must belong together. With neither, it follows your user.',

  shortcutsHint: 'Shortcuts work in every program. Press the button, then the keys.',
  none: 'None',
  pressKeys: 'Press the keys…',
  shortcutOf: 'Shortcut for {action}: {keys}',
  clear: 'Clear',
  clearOf: 'Clear the shortcut for {action}',
  reset: 'Reset all to default',
  notRegistered: 'This shortcut does not work at present.',
  needsModifier: 'Hold Ctrl, Alt or Command while you press another key.',
  altGraph: 'AltGr types letters and signs. Hold Ctrl, Alt or both instead.',
  unusableKey: 'The key {key} cannot be used in a shortcut. Press another one.',
  unconfirmed:
    'Test: press {keys} now. On this desktop (Wayland) only a press that arrives shows that the shortcut works.',
  bindCommand: 'If it does not work, bind this command in the keyboard settings of your desktop: {command}',
  noCommand: 'If it does not work, use the window or the menu of the tray icon.',
  harmTypes:
    'On Windows, Ctrl and Alt are the same as AltGr: on many keyboards these keys type a letter, which would press this shortcut. Choose Ctrl, Shift and a function key.',
  harmConsole:
    'On Linux, Ctrl and Alt with this key leave the desktop for a text console. Choose other keys.',
  alreadyUsed: 'This is already the shortcut for {action}.',

  notificationsHint: 'Shown by your computer while the window is hidden.',

  themeSystem: 'As the computer',
  themeLight: 'Light',
  themeDark: 'Dark',

  pollingHint: 'How often the server is asked, in seconds.',
  autoResumeSeconds: 'After seconds',
  cacheHint:
    'What is still there is played without another download. Nothing of it is on the disk; signing out empties it.',
  fileNamesHint: 'Made of {names}.',
  fileNamesRefused: 'Use at least one of {names}, and no other braces.',
  fileNamesExample: 'For example: {name}',
  managed: 'Set by your administrator.',
  bounds: '{minimum} to {maximum}',
  outOfBounds: 'Enter a whole number from {minimum} to {maximum}.',

  version: 'Version',
  electron: 'Electron',
  chrome: 'Chromium',
  licence: 'Licence',
  licenceText: 'MIT. RecLight is free software; it comes without any warranty.',
  versions: 'RecLight {appVersion}, Electron {electronVersion}, Chromium {chromeVersion}, {platform}',
  copyVersions: 'Copy versions',
  tray: 'Tray icon',
  trayYes: 'Shown',
  trayNo: 'This desktop shows none; the window stays reachable in the task bar',
  keychain: 'Keychain',
  keychainYes: 'Works',
  keychainNo: 'Not available',
} as const;

/** Words of the settings. */
export const text = createTranslate(messages);
