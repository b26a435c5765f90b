import { describe, expect, it } from 'vitest';

import type { SenderFrame } from '../../../src-main/electron/origin';
import { isOurAddress, isOurMainFrame, isOurPage, pageAddress } from '../../../src-main/electron/origin';

const development = 'http://localhost:5173';
const ours = 'app://reclight/index.html';
const top = (url: string): SenderFrame => ({ url, parent: null });
const inside = (url: string): SenderFrame => ({ url, parent: top(ours) });

describe('a message is heard', () => {
  it.each([
    ['from our page', top(ours), null, true],
    ['from another file of ours', top('app://reclight/other.html?x#y'), null, true],
    ['from our page while developing', top(ours), development, true],
    ['from the development server', top(`${development}/index.html`), development, true],
    ['not from the development server where there is none', top(`${development}/index.html`), null, false],
    ['not from a frame that is gone', null, null, false],
    ['not from our page in a frame of our page', inside(ours), null, false],
    ['not from the development server in a frame', inside(development), development, false],
    ['not from a foreign page in a frame of our page', inside('https://x.example/'), null, false],
    ['not from a foreign page', top('https://x.example/'), null, false],
  ] as const)('%s', (_from, frame, developmentServer, heard) => {
    expect(isOurMainFrame(frame, developmentServer)).toBe(heard);
  });
});

describe('an address is ours', () => {
  it.each([
    [ours, true],
    ['app://reclight', true],
    ['app://reclight.x.example/index.html', false],
    ['app://reclight:1/index.html', false],
    ['app://x@reclight.example/', false],
    ['app://other/reclight', false],
    ['apps://reclight/index.html', false],
    ['http://reclight/index.html', false],
    ['https://app://reclight/', false],
    ['blob:app://reclight/0f8fad5b', false],
    ['data:text/html,app://reclight/', false],
    ['file:///app/reclight/index.html', false],
    ['about:blank', false],
    ['about:srcdoc', false],
    ['media://reclight/', false],
    ['javascript:0//app://reclight/', false],
    ['reclight', false],
    ['', false],
  ])('%j: %s', (address, isOurs) => {
    expect(isOurAddress(address, null)).toBe(isOurs);
  });

  it.each([
    [`${development}/src/x.ts`, true],
    [`${development}/?app://reclight`, true],
    ['http://localhost:5174/', false],
    ['https://localhost:5173/', false],
    ['http://localhost/', false],
    ['http://localhost:51730/', false],
    ['http://localhost.x.example:5173/', false],
    ['about:blank', false],
  ])('while developing, %j: %s', (address, isOurs) => {
    expect(isOurAddress(address, `${development}/`)).toBe(isOurs);
  });
});

describe('an address is that of our page', () => {
  it.each([
    [ours, null, true],
    [`${ours}?x=1#y`, null, true],
    ['app://reclight/', null, false],
    ['app://reclight/other.html', null, false],
    ['app://reclight/assets/index.js', null, false],
    ['app://other/index.html', null, false],
    ['about:blank', null, false],
    ['about:srcdoc', null, false],
    ['', null, false],
    [`${development}/`, development, true],
    ['about:blank', development, false],
  ] as const)('%j while developing at %j: %s', (address, developmentServer, isPage) => {
    expect(isOurPage(address, developmentServer)).toBe(isPage);
  });
});

it('the page of a window is ours, built or not', () => {
  expect(isOurAddress(pageAddress(null), null)).toBe(true);
  expect(pageAddress(development)).toBe(development);
});
