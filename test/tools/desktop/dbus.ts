/** The little of D-Bus that the tray host and the notification server need, over dbus-next's messages. */

import dbus, { type Message, type MessageBus } from 'dbus-next';

const properties = 'org.freedesktop.DBus.Properties';

/** What a method answers: a D-Bus signature and as many values. */
interface Reply {
  readonly signature: string;
  readonly body: readonly unknown[];
}

/** One object with one interface that we own on the bus. */
export interface ServedObject {
  readonly path: string;
  readonly interface: string;
  readonly methods: Readonly<Record<string, (body: readonly unknown[], sender: string) => Reply>>;
  /** Each with its D-Bus signature. */
  readonly properties?: Readonly<Record<string, () => { signature: string; value: unknown }>>;
}

/** Where a call goes. */
export interface Target {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
}

/**
 * @param address of a D-Bus session, `unix:path=…`
 * @returns a connection that has been accepted
 * @throws {Error} where the bus refuses or is not there
 */
export function connectBus(address: string): Promise<MessageBus> {
  return new Promise((resolve, reject) => {
    const bus = dbus.sessionBus({ busAddress: address });
    bus.on('connect', () => {
      // From now on an error means that the bus is gone, and whoever waits for an answer is told so by its time limit.
      bus.on('error', () => {});
      resolve(bus);
    });
    bus.on('error', (error) => {
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/**
 * Calls a method.
 *
 * @param bus the connection
 * @param target whose method
 * @param member its name
 * @param signature of the arguments, '' for none
 * @param body the arguments
 * @returns the values of the answer
 * @throws {Error} what the other side answered, or that it did not within 5 s
 */
export async function callMethod(
  bus: MessageBus,
  target: Target,
  member: string,
  signature = '',
  body: readonly unknown[] = [],
): Promise<readonly unknown[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${target.interface}.${member} of ${target.destination} did not answer`));
    }, 5_000);
  });
  try {
    const message = new dbus.Message({ ...target, member, signature, body: [...body] });
    const reply = await Promise.race([bus.call(message), late]);
    return reply?.body ?? [];
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks the bus itself.
 *
 * @param bus the connection
 * @param member method of org.freedesktop.DBus
 * @param argument its one string argument
 * @returns the first value of the answer
 */
export async function askBus(bus: MessageBus, member: string, argument: string): Promise<unknown> {
  const target = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
  };
  const [value] = await callMethod(bus, target, member, 's', [argument]);
  return value;
}

/**
 * @param bus the connection
 * @param target whose properties
 * @returns all of them, without the variants around
 */
export async function allProperties(bus: MessageBus, target: Target): Promise<Record<string, unknown>> {
  const where = { ...target, interface: properties };
  const [values] = await callMethod(bus, where, 'GetAll', 's', [target.interface]);
  return unwrapDictionary(values);
}

/**
 * @param value a dictionary of variants as dbus-next gives it
 * @returns the values in them
 */
export function unwrapDictionary(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, variant]) => [key, unwrap(variant)]));
}

/**
 * @param value perhaps a variant
 * @returns what is in it
 */
export function unwrap(value: unknown): unknown {
  return value instanceof dbus.Variant ? (value.value as unknown) : value;
}

/**
 * Hears signals.
 *
 * @param bus the connection
 * @param rules match rules, such as `interface='org.kde.StatusNotifierItem'`; each is for signals
 * @param listener gets every signal that this connection receives
 */
export async function onSignals(
  bus: MessageBus,
  rules: readonly string[],
  listener: (signal: Message) => void,
): Promise<void> {
  bus.on('message', (message) => {
    if (message.type === dbus.MessageType.SIGNAL) listener(message);
  });
  for (const rule of rules) await askBus(bus, 'AddMatch', `type='signal',${rule}`);
}

/**
 * Answers the calls to an object until the connection ends.
 *
 * @param bus the connection
 * @param object what is offered
 */
export function serveObject(bus: MessageBus, object: ServedObject): void {
  const variants = () =>
    Object.fromEntries(
      Object.entries(object.properties ?? {}).map(([name, read]) => {
        const { signature, value } = read();
        return [name, new dbus.Variant(signature, value)];
      }),
    );
  const answer = (message: Message): Reply | undefined => {
    if (message.interface === properties && message.body[0] === object.interface) {
      if (message.member === 'GetAll') return { signature: 'a{sv}', body: [variants()] };
      const value = variants()[String(message.body[1])];
      return message.member === 'Get' && value !== undefined ? { signature: 'v', body: [value] } : undefined;
    }
    if (message.interface !== object.interface) return undefined;
    return object.methods[message.member]?.(message.body, message.sender);
  };
  bus.addMethodHandler((message: Message) => {
    if (message.path !== object.path) return false;
    const reply = answer(message);
    if (reply === undefined) return false;
    bus.send(dbus.Message.newMethodReturn(message, reply.signature, [...reply.body]));
    return true;
  });
}

/**
 * @param bus the connection
 * @param object whose signal
 * @param name of the signal
 * @param signature of its values
 * @param body its values
 */
export function emitSignal(
  bus: MessageBus,
  object: { readonly path: string; readonly interface: string },
  name: string,
  signature: string,
  body: readonly unknown[],
): void {
  bus.send(dbus.Message.newSignal(object.path, object.interface, name, signature, [...body]));
}

/**
 * Owns a name on the bus.
 *
 * @param bus the connection
 * @param name well-known name
 * @throws {Error} where somebody else has it
 */
export async function ownName(bus: MessageBus, name: string): Promise<void> {
  const reply = await bus.requestName(name, dbus.NameFlag.DO_NOT_QUEUE);
  if (reply !== dbus.RequestNameReply.PRIMARY_OWNER) throw new Error(`${name} is already owned on this bus`);
}
