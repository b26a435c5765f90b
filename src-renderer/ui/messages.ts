import { createTranslate } from '@shared/text/messages';

const messages = {
  copyCode: 'Copy error code {code}',
  dismiss: 'Dismiss',
  dismissOf: 'Dismiss: {what}',
  undo: 'Undo',
  removed:
    '{kind, select, saves {{count, plural, one {# save} other {# saves}} cancelled.} mark {Mark deleted.} other {Dismissed.}}',
  openSettings: 'Open settings',
  tryAgain: 'Try again',
  partFailed:
    '{part, select, header {The top of the window} recorder {The recording light} notices {The notices} recordings {The recordings} details {The details} menu {The menu} signIn {The sign-in form} settings {The settings} saves {The saves} player {The player} other {The window}} cannot be shown.',
  partFailedNext: 'Recording control goes on. Try again; if it happens again, restart RecLight.',
  partStillFailed:
    '{part, select, header {The top of the window} recorder {The recording light} notices {The notices} recordings {The recordings} details {The details} menu {The menu} signIn {The sign-in form} settings {The settings} saves {The saves} player {The player} other {The window}} still cannot be shown.',
  partStillFailedNext: 'Recording control goes on. Restart RecLight when no call is being recorded.',
  today: 'Today',
  yesterday: 'Yesterday',
  unknownNumber: 'Unknown number',
  dayAt: '{day} {time}',
  timeYesterday: '{time} yesterday',
  timeOn: '{time}, {day}',
} as const;

/** Words that several features share. */
export const commonText = createTranslate(messages);
