import { createTranslate } from '@shared/text/messages';

const messages = {
  emptyWindow: 'RecLight cannot show its window.',
  emptyWindowNext:
    'The tray icon still shows whether you are being recorded, and recording control goes on. Try again; if it happens again, restart RecLight.',
  switchesDropped: 'RecLight does not take these switches, and goes on without them: {names}',
  tryAgain: 'Try again',
  close: 'Close',
} as const;

/** Words of the main process about its window and its start. */
export const windowText = createTranslate(messages);
