import { describe, expect, it } from 'vitest';

import { parseCommandLine } from '../../../src-main/core/command-line';

describe('parseCommandLine', () => {
  it.each([
    ['--start', 'start'],
    ['--stop', 'stop'],
    ['--pause', 'pause'],
    ['--resume', 'resume'],
    ['--show', 'show'],
    ['--hide', 'hide'],
    ['--play-latest', 'play-latest'],
  ] as const)('%s asks for %s', (argument, request) => {
    expect(parseCommandLine(['/opt/reclight', argument])).toEqual([request]);
  });

  it('keeps the order and ignores what belongs to Chromium', () => {
    const argv = ['reclight', '--user-data-dir=/x', '--hide', '--no-sandbox', '.', '--start'];
    expect(parseCommandLine(argv)).toEqual(['hide', 'start']);
  });

  it.each([
    'start',
    '-start',
    '--START',
    '--start=1',
    ' --start',
    '--starter',
    '',
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
  ])('takes nothing from %j', (argument) => {
    expect(parseCommandLine(['reclight', argument])).toEqual([]);
  });

  it('takes nothing from an empty command line', () => {
    expect(parseCommandLine([])).toEqual([]);
  });
});
