import { Notification } from 'electron';

import type { NoticeAction, Notifier } from '../core/ports/desktop';

/** Max notices held: many notification servers never report that one was closed. */
const maxHeld = 20;

/**
 * Notices of the OS. Only the newest 20 answer a click.
 * @param pressed called with what a press on a notice should do
 */
export function createNotifier(pressed: (action: NoticeAction) => void): Notifier {
  // Held here until closed: a notice that is garbage collected no longer answers a click.
  const shown = new Map<string, Notification>();
  const clear = (): void => {
    for (const notification of shown.values()) notification.close();
    shown.clear();
  };
  return {
    show: ({ tag, title, body, urgent, action }) => {
      if (!Notification.isSupported()) return;
      shown.get(tag)?.close();
      // The newest stands last.
      shown.delete(tag);
      const notification = new Notification({ title, body, urgency: urgent ? 'critical' : 'normal' });
      shown.set(tag, notification);
      const [oldest] = shown.keys();
      if (shown.size > maxHeld && oldest !== undefined) shown.delete(oldest);
      notification.on('click', () => {
        pressed(action);
      });
      notification.on('close', () => {
        if (shown.get(tag) === notification) shown.delete(tag);
      });
      notification.show();
    },
    clear,
    dispose: clear,
  };
}
