import { createTranslate } from '../../src-main/shared/messages';

const messages = {
  copyCode: 'Copy error code {code}',
  dismiss: 'Dismiss',
  openSettings: 'Open settings',
  tryAgain: 'Try again',
  today: 'Today',
  yesterday: 'Yesterday',
  unknownNumber: 'Unknown number',
  dayAt: '{day} {time}',
} as const;

/** Words that several features share. */
export const commonText = createTranslate(messages);
