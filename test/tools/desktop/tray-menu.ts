import type { MessageBus } from 'dbus-next';
import { callMethod, unwrap, unwrapDictionary, type Target } from './dbus';
import type { MenuNode } from './protocol';

const toggles: Readonly<Record<string, MenuNode['toggle']>> = { checkmark: 'checkmark', radio: 'radio' };

/** `__` stands for an underscore, a single one marks the access key. */
function withoutAccessKey(label: string): string {
  return label.replace(/_(_?)/g, '$1');
}

function toNode(value: unknown): MenuNode {
  const [id, properties, children] = (Array.isArray(value) ? value : []) as unknown[];
  const {
    label,
    type,
    enabled,
    visible,
    'toggle-type': toggle,
    'toggle-state': state,
  } = unwrapDictionary(properties);
  return {
    id: Number(id),
    label: withoutAccessKey(typeof label === 'string' ? label : ''),
    type: type === 'separator' ? 'separator' : 'standard',
    enabled: enabled !== false,
    visible: visible !== false,
    toggle: toggles[String(toggle)] ?? 'none',
    checked: state === 1,
    children: Array.isArray(children) ? children.map((child) => toNode(unwrap(child))) : [],
  };
}

/**
 * @param bus the session
 * @param target a com.canonical.dbusmenu object
 * @returns the whole menu as it is now, its root first
 */
export async function readMenu(bus: MessageBus, target: Target): Promise<MenuNode> {
  const [, layout] = await callMethod(bus, target, 'GetLayout', 'iias', [0, -1, []]);
  return toNode(layout);
}
