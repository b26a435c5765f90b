/** Changes to a JSON value, by path (`recordings.0.id`); the empty path is the whole. */
export interface JsonChanges {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

/** Answers a JSON value with changes made to it. Paths that lead nowhere are left out. */
export function changeJson(value: unknown, changes: JsonChanges): unknown {
  const holder: { root: unknown } = { root: structuredClone(value) };
  for (const [path, wanted] of Object.entries(changes.set ?? {})) place(holder, path, wanted);
  for (const path of changes.remove ?? []) place(holder, path, undefined);
  return holder.root;
}

function place(holder: { root: unknown }, path: string, value: unknown): void {
  const steps = path === '' ? ['root'] : ['root', ...path.split('.')];
  const last = steps.pop() ?? 'root';
  let node: unknown = holder;
  for (const step of steps) {
    if (!isRecord(node)) return;
    node = node[step];
  }
  if (!isRecord(node)) return;
  if (value !== undefined) node[last] = value;
  else if (Array.isArray(node)) node.splice(Number(last), 1);
  else Reflect.deleteProperty(node, last);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
