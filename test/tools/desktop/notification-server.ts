import type { MessageBus } from 'dbus-next';
import { emitSignal, ownName, serveObject, unwrapDictionary } from './dbus';
import { monotonicNow, type ShownNotification } from './protocol';

const name = 'org.freedesktop.Notifications';
const object = { path: '/org/freedesktop/Notifications', interface: name };

const urgencies = ['low', 'normal', 'critical'] as const;

/** Reasons of NotificationClosed in the Desktop Notifications Specification. */
const reasons = { dismissedByUser: 2, closedByApplication: 3 } as const;

/** What would be shown to the user, and the clicks they could make. */
export interface NotificationServer {
  /** Everything shown so far, the oldest first. */
  list(): readonly ShownNotification[];
  /**
   * Clicks.
   *
   * @param id of the notification
   * @param key of the action; `default` for the notification itself
   * @throws {Error} where there is no such notification on the screen, or it has no such action
   */
  invoke(id: number, key: string): void;
  /**
   * Closes as the user would.
   *
   * @param id of the notification
   * @throws {Error} where there is no such notification on the screen
   */
  close(id: number): void;
}

function pairs(flat: readonly string[]): { key: string; label: string }[] {
  return flat.flatMap((key, index) => (index % 2 === 0 ? [{ key, label: flat[index + 1] ?? '' }] : []));
}

/**
 * Owns org.freedesktop.Notifications: keeps what applications want shown, and shows nothing.
 *
 * @param bus the private session
 * @param changed told after each change
 * @returns what has been shown and the user's hands
 */
export async function serveNotifications(bus: MessageBus, changed: () => void): Promise<NotificationServer> {
  const shown = new Map<number, ShownNotification>();
  const superseded: ShownNotification[] = [];
  let lastId = 0;

  const opened = (id: number): ShownNotification => {
    const found = shown.get(id);
    if (found?.open !== true) throw new Error(`There is no notification ${id} on the screen`);
    return found;
  };
  const closed = (id: number, reason: number): void => {
    shown.set(id, { ...opened(id), open: false });
    emitSignal(bus, object, 'NotificationClosed', 'uu', [id, reason]);
    changed();
  };
  const notify = (body: readonly unknown[]): number => {
    const [appName, replacesId, , summary, text, actions, hints] = body;
    const replaced = shown.get(Number(replacesId));
    // The number stays with the newest; what it showed before is kept as an entry of its own.
    if (replaced !== undefined) superseded.push({ ...replaced, open: false });
    const id = replaced?.id ?? (lastId += 1);
    shown.set(id, {
      id,
      at: monotonicNow(),
      appName: String(appName),
      summary: String(summary),
      body: String(text),
      actions: pairs(Array.isArray(actions) ? actions.map(String) : []),
      urgency: urgencies[Number(unwrapDictionary(hints)['urgency'] ?? 1)] ?? 'normal',
      replacesId: replaced?.id ?? 0,
      open: true,
    });
    changed();
    return id;
  };
  serveObject(bus, {
    ...object,
    methods: {
      Notify: (body) => ({ signature: 'u', body: [notify(body)] }),
      CloseNotification: ([id]) => {
        if (shown.get(Number(id))?.open === true) closed(Number(id), reasons.closedByApplication);
        return { signature: '', body: [] };
      },
      GetCapabilities: () => ({ signature: 'as', body: [['actions', 'body', 'persistence']] }),
      GetServerInformation: () => ({
        signature: 'ssss',
        body: ['RecLight test desktop', 'RecLight', '1', '1.2'],
      }),
    },
  });
  await ownName(bus, name);

  return {
    list: () => [...superseded, ...shown.values()].sort((a, b) => a.at - b.at),
    invoke(id, key) {
      const { actions } = opened(id);
      if (!actions.some((action) => action.key === key)) {
        throw new Error(
          `Notification ${id} has no action "${key}", only: ${actions.map((a) => a.key).join(', ')}`,
        );
      }
      emitSignal(bus, object, 'ActionInvoked', 'us', [id, key]);
      closed(id, reasons.dismissedByUser);
    },
    close(id) {
      closed(id, reasons.dismissedByUser);
    },
  };
}
