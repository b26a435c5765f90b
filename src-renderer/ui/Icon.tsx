/** Paths on a 16 px square, stroked unless `filled`. */
const icons = {
  settings: {
    d: 'M8 5.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8ZM6.9 1.5h2.2l.35 1.75 1.15.48 1.48-1 1.55 1.56-1 1.48.48 1.15 1.75.35v2.2l-1.75.35-.48 1.15 1 1.48-1.55 1.56-1.48-1-1.15.48-.35 1.75H6.9l-.35-1.75-1.15-.48-1.48 1-1.55-1.56 1-1.48-.48-1.15-1.75-.35v-2.2l1.75-.35.48-1.15-1-1.48 1.55-1.56 1.48 1 1.15-.48z',
    filled: false,
  },
  back: { d: 'M9.5 3.5 5 8l4.5 4.5', filled: false },
  close: { d: 'm4 4 8 8m0-8-8 8', filled: false },
  search: { d: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8 3.4 3.4', filled: false },
  filter: { d: 'M2.5 3.5h11L9.4 8.4v3.8L6.6 13.5V8.4z', filled: false },
  refresh: { d: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3', filled: false },
  incoming: { d: 'M11.5 4.5l-7 7m0-5v5h5', filled: false },
  outgoing: { d: 'm4.5 11.5 7-7m-5 0h5v5', filled: false },
  unknown: { d: 'M3.5 8h9', filled: false },
  play: { d: 'M4.5 2.7v10.6L13 8z', filled: true },
  pause: { d: 'M4 3h3v10H4zM9 3h3v10H9z', filled: true },
  back10: { d: 'M3.4 5.2A5.4 5.4 0 1 1 2.6 8.6M3.2 1.9v3.5h3.5', filled: false },
  forward10: { d: 'M12.6 5.2a5.4 5.4 0 1 0 .8 3.4M12.8 1.9v3.5H9.3', filled: false },
  previous: { d: 'M12.5 3.5v9L6 8zM4 3.5v9', filled: false },
  next: { d: 'M3.5 3.5v9L10 8zM12 3.5v9', filled: false },
  more: { d: 'M2.5 5h11M2.5 11h11M6 3v4m5 2v4', filled: false },
  mark: { d: 'M4 14V2.5m0 .5h7.5L9.8 5.7l1.7 2.8H4', filled: false },
  volume: {
    d: 'M2.5 6v4h2.3L8 12.8V3.2L4.8 6zM10.5 5.8a3 3 0 0 1 0 4.4m1.7-6.2a5.6 5.6 0 0 1 0 8',
    filled: false,
  },
  muted: { d: 'M2.5 6v4h2.3L8 12.8V3.2L4.8 6zm8 .2 3.6 3.6m0-3.6-3.6 3.6', filled: false },
  copy: { d: 'M6 5.5h7v8H6zM10 5.5v-3H3v8h3', filled: false },
  save: { d: 'M8 2v7.5M4.8 6.6 8 9.8l3.2-3.2M2.8 11v2.7h10.4V11', filled: false },
  folder: { d: 'M1.8 3.5h4.4l1.6 1.8h6.4v7.4H1.8z', filled: false },
  unfold: { d: 'm3.8 10 4.2-4.2 4.2 4.2', filled: false },
  fold: { d: 'm3.8 6 4.2 4.2L12.2 6', filled: false },
  warning: { d: 'M8 2.2 14.2 13H1.8zM8 6.3v3.2m0 1.6v.6', filled: false },
} as const;

/** The name of an icon. */
export type IconName = keyof typeof icons;

/**
 * A small drawing beside or instead of a word; the control that holds it carries the name.
 * @param props.name which
 * @param props.size px, 16 unless given
 */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number | undefined }) {
  const { d, filled } = icons[name];
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <path
        d={d}
        fill={filled ? 'currentColor' : 'none'}
        stroke={filled ? 'none' : 'currentColor'}
        strokeWidth={1.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
