import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { passFocusOn } from '../../../src-renderer/ui/pass-focus-on';

afterEach(cleanup);

test.each([
  ['grid', true],
  ['toolbar', false],
])('the focus that passes to a %s leaves it where one reads: %s (R-28)', async (role, stays) => {
  const focus = vi.spyOn(HTMLElement.prototype, 'focus');
  const draw = (note: boolean) => (
    <>
      {note && (
        <p ref={passFocusOn}>
          <button type="button">Dismiss</button>
        </p>
      )}
      <div role={role}>
        <div tabIndex={0}>first</div>
      </div>
    </>
  );
  const { rerender } = render(draw(true));
  screen.getByRole('button').focus();
  focus.mockClear();
  await act(async () => {
    rerender(draw(false));
    await Promise.resolve();
  });
  expect(document.activeElement?.textContent).toBe('first');
  expect(focus.mock.calls.at(-1)?.[0]?.preventScroll ?? false).toBe(stays);
  focus.mockRestore();
});

test('what is not drawn inherits nothing (M2)', async () => {
  const draw = (note: boolean) => (
    <section>
      <button type="button">far</button>
      <button type="button" style={{ display: 'none' }}>
        near
      </button>
      {note && (
        <p ref={passFocusOn}>
          <button type="button">Clear filters</button>
        </p>
      )}
    </section>
  );
  const { rerender } = render(draw(true));
  screen.getByRole('button', { name: 'Clear filters' }).focus();
  await act(async () => {
    rerender(draw(false));
    await Promise.resolve();
  });
  expect(document.activeElement?.textContent).toBe('far');
});
