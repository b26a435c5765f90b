import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { IconButton } from '../../../src-renderer/ui/IconButton';
import { axeViolations } from '../../fixtures/axe-violations';

test('IconButton: its label is its name and its tooltip', () => {
  render(<IconButton icon="close" label="Close" />);
  const button = screen.getByRole('button', { name: 'Close' });
  expect(button.title).toBe('Close');
  expect(button.className).toBe('button button-icon');
  expect(button.textContent).toBe('');
});

test('IconButton: a shorter tooltip leaves the name whole, and a class is added', () => {
  render(
    <IconButton icon="close" label="Dismiss: no call" title="Dismiss" className="note-dismiss" size={14} />,
  );
  const button = screen.getByRole('button', { name: 'Dismiss: no call' });
  expect(button.title).toBe('Dismiss');
  expect(button.className).toBe('button button-icon note-dismiss');
  expect(button.querySelector('svg')?.getAttribute('width')).toBe('14');
});

test('IconButton: takes the focus and is pressed without submitting the form around it', () => {
  const pressed = vi.fn();
  const submitted = vi.fn();
  render(
    <form onSubmit={submitted}>
      <IconButton icon="refresh" label="Refresh" onClick={pressed} />
    </form>,
  );
  const button = screen.getByRole('button', { name: 'Refresh' });
  button.focus();
  expect(document.activeElement).toBe(button);
  // What Enter and Space do to a native button.
  fireEvent.click(button);
  expect(pressed).toHaveBeenCalledTimes(1);
  expect(submitted).not.toHaveBeenCalled();
});

test('IconButton: one that can do nothing now keeps the focus', () => {
  render(<IconButton icon="next" label="Next" aria-disabled />);
  const button = screen.getByRole('button', { name: 'Next' });
  button.focus();
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute('aria-disabled')).toBe('true');
});

test('IconButton: axe finds nothing', async () => {
  render(<IconButton icon="more" label="More tools" aria-expanded={false} />);
  expect(await axeViolations()).toEqual([]);
});
