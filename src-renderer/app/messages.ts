import { createTranslate } from '@shared/text/messages';

const messages = {
  product: 'RecLight',
  settings: 'Settings',
  startFailed: 'RecLight could not show its state. Close this window and open it again.',
} as const;

/** Words of the window's frame. */
export const text = createTranslate(messages);
