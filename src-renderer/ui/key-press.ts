/** Keys that move go on as long as they are held. */
const moving: ReadonlySet<string> = new Set([
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  'Tab',
]);

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  );
}

/**
 * Makes one press of a key that is held down, for whatever would hear of it again and again: buttons too, which a held
 * Enter presses thirty times a second. Keys that move may repeat, and so may what is typed into a text.
 * @param page whose keys they are
 * @returns a function that ends it
 */
export function pressOnce(page: Window): () => void {
  const stop = (event: KeyboardEvent) => {
    if (!event.repeat || moving.has(event.key)) return;
    if (isTextField(event.target) && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
  };
  page.addEventListener('keydown', stop, { capture: true });
  return () => {
    page.removeEventListener('keydown', stop, { capture: true });
  };
}

/** Whether Enter was pressed to be done with a text, and not to take what an input method proposes. */
export function isDone({ key, nativeEvent }: { readonly key: string; readonly nativeEvent: Event }): boolean {
  return key === 'Enter' && !('isComposing' in nativeEvent && nativeEvent.isComposing === true);
}
