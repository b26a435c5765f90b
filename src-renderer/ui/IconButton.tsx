import type { ComponentProps } from 'react';

import { Icon, type IconName } from './Icon';

/** See {@link IconButton}; every other attribute of a button is passed on. */
export interface IconButtonProps extends Omit<
  ComponentProps<'button'>,
  'type' | 'children' | 'aria-label' | 'title'
> {
  readonly icon: IconName;
  /** The accessible name. */
  readonly label: string;
  /** The tooltip; the label unless given. */
  readonly title?: string;
  /** Of the icon, px; 16 unless given. */
  readonly size?: number;
}

/** A button that shows an icon instead of words. */
export function IconButton({ icon, label, title = label, size, className, ...others }: IconButtonProps) {
  return (
    <button
      {...others}
      type="button"
      className={className === undefined ? 'button button-icon' : `button button-icon ${className}`}
      aria-label={label}
      title={title}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
