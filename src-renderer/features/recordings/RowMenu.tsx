import './row-menu.css';

import { useRef } from 'react';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';

import { maxEvidence } from '../saving/use-saving';
import { text } from './messages';

/**
 * What can be done with a recording, or with several that are selected, at the pointer or below its row.
 * @param props.count how many are selected
 * @param props.x px from the window's left edge
 * @param props.y px from the window's top edge
 */
export function RowMenu({
  count,
  x,
  y,
  onPlay,
  onDetails,
  onCopy,
  onSave,
  onSaveEvidence,
  onClose,
}: {
  readonly count: number;
  readonly x: number;
  readonly y: number;
  readonly onPlay: () => void;
  readonly onDetails: () => void;
  readonly onCopy: () => void;
  readonly onSave: () => void;
  readonly onSaveEvidence: () => void;
  readonly onClose: () => void;
}) {
  const tooMany = count > maxEvidence;
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={anchor} className="menu-anchor" style={{ left: x, top: y }} />
      <Popover
        isOpen
        aria-label={text('menu', { count })}
        triggerRef={anchor}
        placement="bottom start"
        className="menu"
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
      >
        <Menu aria-label={text('menu', { count })} autoFocus="first" onClose={onClose} className="menu-list">
          {count === 1 && (
            <>
              <MenuItem className="menu-item" onAction={onPlay}>
                {text('play')}
              </MenuItem>
              <MenuItem className="menu-item" onAction={onDetails}>
                {text('details')}
              </MenuItem>
            </>
          )}
          <MenuItem className="menu-item" onAction={onSave}>
            {text('saveAs')}
          </MenuItem>
          <MenuItem className="menu-item" isDisabled={tooMany} onAction={onSaveEvidence}>
            {tooMany ? text('tooMuchEvidence', { most: maxEvidence }) : text('saveAsEvidence')}
          </MenuItem>
          {count === 1 && (
            <MenuItem className="menu-item" onAction={onCopy}>
              {text('copyReference')}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </>
  );
}
