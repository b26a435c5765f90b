import './row-menu.css';

import { useRef } from 'react';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';

import { text } from './strings';

/**
 * What can be done with one recording, at the pointer or below its row.
 * @param props.x px from the window's left edge
 * @param props.y px from the window's top edge
 */
export function RowMenu({
  x,
  y,
  onPlay,
  onDetails,
  onCopy,
  onClose,
}: {
  readonly x: number;
  readonly y: number;
  readonly onPlay: () => void;
  readonly onDetails: () => void;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={anchor} className="menu-anchor" style={{ left: x, top: y }} />
      <Popover
        isOpen
        aria-label={text('menu')}
        triggerRef={anchor}
        placement="bottom start"
        className="menu"
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
      >
        <Menu aria-label={text('menu')} autoFocus="first" onClose={onClose} className="menu-list">
          <MenuItem className="menu-item" onAction={onPlay}>
            {text('play')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={onDetails}>
            {text('details')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={onCopy}>
            {text('copyReference')}
          </MenuItem>
        </Menu>
      </Popover>
    </>
  );
}
