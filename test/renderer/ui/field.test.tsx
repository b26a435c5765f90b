import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ComponentProps } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { Field } from '../../../src-renderer/ui/Field';
import { Select } from '../../../src-renderer/ui/Select';
import { TextInput } from '../../../src-renderer/ui/TextInput';
import { axeViolations } from '../../fixtures/axe-violations';

afterEach(cleanup);

const ignore = () => {};

function NumberField(props: Partial<ComponentProps<typeof Field>>) {
  return (
    <Field label="Directory number" {...props}>
      {(control) => <TextInput {...control} value="101" onChange={ignore} />}
    </Field>
  );
}

const input = (name = 'Directory number') => screen.getByRole<HTMLInputElement>('textbox', { name });

/** The texts that describe a control, in the order in which they are read. */
function descriptions(control: HTMLElement): (string | null | undefined)[] {
  const ids = control.getAttribute('aria-describedby')?.split(' ') ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent);
}

describe('Field', () => {
  test('its label names the control, and a click on it goes there', () => {
    render(<NumberField />);
    const label = screen.getByText<HTMLLabelElement>('Directory number');
    expect(label.control).toBe(input());
    expect(input().hasAttribute('aria-describedby')).toBe(false);
    expect(input().hasAttribute('aria-invalid')).toBe(false);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('its hint describes the control, which is not invalid', () => {
    render(<NumberField hint="As others dial it." />);
    expect(descriptions(input())).toEqual(['As others dial it.']);
    expect(input().hasAttribute('aria-invalid')).toBe(false);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('its error is announced, describes the control after the hint, and marks it as invalid', () => {
    const { rerender } = render(<NumberField hint="As others dial it." error={null} />);
    expect(input().hasAttribute('aria-invalid')).toBe(false);
    rerender(<NumberField hint="As others dial it." error="No such number." />);
    expect(screen.getByRole('alert').textContent).toBe('No such number.');
    expect(descriptions(input())).toEqual(['As others dial it.', 'No such number.']);
    expect(input().getAttribute('aria-invalid')).toBe('true');
    rerender(<NumberField />);
    expect(descriptions(input())).toEqual([]);
    expect(input().hasAttribute('aria-invalid')).toBe(false);
  });

  test.each([null, undefined, false])('%s is neither a hint nor an error', (nothing) => {
    render(<NumberField hint={nothing} error={nothing} />);
    expect(input().hasAttribute('aria-describedby')).toBe(false);
    expect(input().hasAttribute('aria-invalid')).toBe(false);
    expect(document.querySelector('.field')?.children).toHaveLength(2);
  });

  test('an error that is an element announces itself, once', () => {
    render(<NumberField error={<div role="alert">Refused.</div>} />);
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    expect(descriptions(input())).toEqual(['Refused.']);
    expect(input().getAttribute('aria-invalid')).toBe('true');
  });

  test('an error that concerns more than the control can leave it valid', () => {
    render(<NumberField error="The line cannot be monitored." invalid={false} />);
    expect(descriptions(input())).toEqual(['The line cannot be monitored.']);
    expect(input().hasAttribute('aria-invalid')).toBe(false);
  });

  test('an error that comes and goes leaves the control and its focus', () => {
    const { rerender } = render(<NumberField inline hint="1 to 10" />);
    const control = input();
    control.focus();
    rerender(<NumberField inline error="Not between 1 and 10" />);
    expect(input()).toBe(control);
    expect(document.activeElement).toBe(control);
  });

  test('two of them have ids of their own', () => {
    render(
      <>
        <NumberField hint="First." error="Wrong." />
        <NumberField label="Device name" hint="Second." />
      </>,
    );
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(descriptions(input('Device name'))).toEqual(['Second.']);
  });
});

describe('TextInput', () => {
  test('tells what is typed, and completes and checks nothing', () => {
    const typed = vi.fn();
    render(<TextInput aria-label="Search" type="search" value="" onChange={typed} />);
    const field = screen.getByRole('searchbox', { name: 'Search' });
    fireEvent.change(field, { target: { value: '055' } });
    expect(typed.mock.calls).toEqual([['055']]);
    expect(field.getAttribute('autocomplete')).toBe('off');
    expect(field.getAttribute('spellcheck')).toBe('false');
    expect(field.className).toBe('input');
  });

  test('passes on keys, attributes, the ref and another look', () => {
    const pressed = vi.fn((event: { readonly key: string }) => event.key);
    const ref = vi.fn();
    render(
      <TextInput
        ref={ref}
        aria-label="Own line"
        className="filters-line"
        maxLength={128}
        value="101"
        onChange={ignore}
        onKeyDown={pressed}
      />,
    );
    const field = input('Own line');
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(pressed.mock.results.map(({ value }) => value as unknown)).toEqual(['Enter']);
    expect(ref.mock.calls[0]).toEqual([field]);
    expect(field.maxLength).toBe(128);
    expect(field.className).toBe('filters-line');
    expect(field.type).toBe('text');
  });

  test('a disabled one takes no focus', () => {
    render(<TextInput aria-label="Memory" type="number" disabled value="64" onChange={ignore} />);
    const field = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Memory' });
    field.focus();
    expect(field.disabled).toBe(true);
    expect(document.activeElement).toBe(document.body);
  });
});

describe('Select', () => {
  const speeds = [
    { value: 0.5, label: '0.5×' },
    { value: 1, label: '1×' },
    { value: 1.5, label: '1.5×' },
  ];

  test('shows its options, and tells the chosen value as it was given', () => {
    const chosen = vi.fn();
    render(<Select aria-label="Speed" title="Speed" value={1} options={speeds} onChange={chosen} />);
    const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Speed' });
    expect([...select.options].map(({ text }) => text)).toEqual(['0.5×', '1×', '1.5×']);
    expect(select.selectedOptions[0]?.text).toBe('1×');
    expect(select.title).toBe('Speed');
    expect(select.className).toBe('select');
    fireEvent.change(select, { target: { value: '1.5' } });
    expect(chosen.mock.calls).toEqual([[1.5]]);
  });

  test('is named and described by its field, and takes the focus and keys', () => {
    const pressed = vi.fn();
    render(
      <Field label="Speed" hint="Of the next recording too.">
        {(control) => (
          <Select {...control} value={1} options={speeds} onChange={ignore} onKeyDown={pressed} />
        )}
      </Field>,
    );
    const select = screen.getByRole('combobox', { name: 'Speed' });
    select.focus();
    fireEvent.keyDown(select, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(select);
    expect(pressed).toHaveBeenCalledTimes(1);
    expect(descriptions(select)).toEqual(['Of the next recording too.']);
  });

  test('a disabled one takes no focus', () => {
    render(<Select aria-label="Speed" disabled value={1} options={speeds} onChange={ignore} />);
    const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Speed' });
    select.focus();
    expect(select.disabled).toBe(true);
    expect(document.activeElement).toBe(document.body);
  });
});

test('Field, TextInput, Select: axe finds nothing', async () => {
  render(
    <main>
      <NumberField hint="As others dial it." error="No such number." />
      <NumberField label="Device name" inline error={<div role="alert">Refused.</div>} />
      <TextInput aria-label="Search" type="search" value="" onChange={ignore} />
      <Field label="Theme" hint="Set by your administrator.">
        {(control) => (
          <Select
            {...control}
            disabled
            value="light"
            options={[{ value: 'light', label: 'Light' }]}
            onChange={ignore}
          />
        )}
      </Field>
    </main>,
  );
  expect(await axeViolations()).toEqual([]);
});
