/** The parts of the window that fail on their own; `window` is what holds them. */
export const windowParts = [
  'window',
  'header',
  'recorder',
  'notices',
  'recordings',
  'details',
  'menu',
  'signIn',
  'settings',
  'saves',
  'player',
] as const;

/** See {@link windowParts}. */
export type WindowPart = (typeof windowParts)[number];

/** The names of errors that are reported; a name outside of this list could hold anything. */
export const windowErrorNames = [
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'DOMException',
  'LoadError',
  'other',
] as const;

/** See {@link windowErrorNames}. */
export type WindowErrorName = (typeof windowErrorNames)[number];
