/**
 * Closes a union: reaching it is a programming error, and adding a member makes it fail to compile.
 * @param value what no branch handled
 * @throws Error always, naming the value's type but not its contents (they may be call data)
 */
export function assertNever(value: never): never {
  throw new Error(`Unhandled ${typeof value}`);
}
