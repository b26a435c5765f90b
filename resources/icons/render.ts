import { Resvg } from '@resvg/resvg-js';

import { drawLamp, lampColours, lampStatuses, lampSvg } from '@shared/domain/lamp';

/** A picture file: its path below this folder, with forward slashes, and its bytes. */
export interface IconFile {
  readonly path: string;
  readonly png: Buffer;
}

/** px of a picture in a panel, at scale 1. */
const panelSize = 16;

/** Scales that Electron looks for beside a base picture, by the suffix of their file names. */
const scales = [
  { suffix: '', factor: 1 },
  { suffix: '@1.25x', factor: 1.25 },
  { suffix: '@1.5x', factor: 1.5 },
  { suffix: '@2x', factor: 2 },
] as const;

function png(svg: string, width: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } })
    .render()
    .asPng();
}

/** The app's own picture: the recording lamp on a dark, rounded ground. */
function appIcon(): string {
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">',
    '<defs>',
    '<linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2B313C"/><stop offset="1" stop-color="#14171C"/></linearGradient>',
    '<radialGradient id="glow"><stop offset="0.55" stop-color="#F97066" stop-opacity="0.5"/><stop offset="1" stop-color="#F97066" stop-opacity="0"/></radialGradient>',
    '<linearGradient id="disc" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#F4564A"/><stop offset="1" stop-color="#D92D20"/></linearGradient>',
    '</defs>',
    '<rect x="24" y="24" width="464" height="464" rx="108" fill="url(#ground)"/>',
    '<circle cx="256" cy="256" r="200" fill="url(#glow)"/>',
    '<circle cx="256" cy="256" r="150" fill="none" stroke="#FFFFFF" stroke-opacity="0.92" stroke-width="20"/>',
    '<circle cx="256" cy="256" r="108" fill="url(#disc)"/>',
    '</svg>',
  ].join('');
}

/**
 * Draws every picture file of RecLight from the lamp's geometry.
 *
 * - `tray/{status}-{light|dark}.png`: for light and dark panels, 16 px with `@1.25x`, `@1.5x`, `@2x`; on macOS too,
 *   where a picture that the system colours itself would take the red from the lamp
 * - `icon.png`: the app, 512 px
 * - `window.png`: the same for a window's frame, 128 px: a larger one would hold up the window
 */
export function renderIcons(): readonly IconFile[] {
  const files: IconFile[] = [
    { path: 'icon.png', png: png(appIcon(), 512) },
    { path: 'window.png', png: png(appIcon(), 128) },
  ];
  for (const status of lampStatuses) {
    const drawing = drawLamp(status, panelSize);
    for (const panel of ['light', 'dark'] as const) {
      const svg = lampSvg(drawing, lampColours[panel][drawing.tone]);
      for (const { suffix, factor } of scales) {
        files.push({ path: `tray/${status}-${panel}${suffix}.png`, png: png(svg, panelSize * factor) });
      }
    }
  }
  return files;
}
