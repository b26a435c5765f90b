/** A short hash (FNV-1a, 32 bits) that tells accounts and servers apart without writing them down. */
export function scopeHash(...parts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\n').toLowerCase()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
