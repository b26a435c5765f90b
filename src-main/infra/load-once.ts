/**
 * Remembers what was loaded, but not that loading failed: a file that a virus scanner or an update holds for a moment
 * is asked for again by the next call.
 * @param load called at the first call, and again after it has rejected
 * @returns what `load` has resolved to; rejects as it did
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    const attempt = (loading ??= load());
    return attempt.catch((error: unknown) => {
      if (loading === attempt) loading = null;
      throw error;
    });
  };
}
