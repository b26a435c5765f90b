import { describe, expect, it } from 'vitest';

import { parseCommandLine, strangeSwitches } from '../../../../src-main/core/desktop/command-line';

describe('parseCommandLine', () => {
  it.each([
    ['--start', 'start'],
    ['--stop', 'stop'],
    ['--pause', 'pause'],
    ['--resume', 'resume'],
    ['--mark', 'mark'],
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

describe('strangeSwitches (G7)', () => {
  const dangerous = [
    'ignore-certificate-errors',
    'ignore-certificate-errors-spki-list=abc',
    'host-rules=MAP * 10.0.0.1',
    'host-resolver-rules=MAP * 10.0.0.1',
    'proxy-server=10.0.0.1:3128',
    'proxy-pac-url=http://10.0.0.1/',
    'proxy-bypass-list=<-loopback>',
    'log-net-log=/tmp/log.json',
    'net-log-capture-mode=Everything',
    'ssl-key-log-file=/tmp/keys',
    'remote-debugging-port=9222',
    'remote-debugging-pipe',
    'remote-allow-origins=*',
    'disable-web-security',
    'enable-features=Anything',
    'js-flags=--prof',
    'a-switch-of-the-next-version',
  ];

  it.each(dangerous)('names %s', (given) => {
    const name = given.split('=')[0];
    expect(strangeSwitches(['reclight', `--${given}`], false)).toEqual([name]);
    expect(strangeSwitches(['reclight', `-${given}`], false)).toEqual([name]);
    expect(strangeSwitches(['reclight', `/${given.toUpperCase()}`], true)).toEqual([name]);
  });

  it('leaves our own, and how and where the window is shown', () => {
    const own = ['--start', '--stop', '--pause', '--resume', '--mark', '--show', '--hide', '--play-latest'];
    const shown = ['--policy=/etc/p.json', '--user-data-dir=/x', '--lang=de', '--ozone-platform=wayland'];
    expect(strangeSwitches(['reclight', ...own, ...shown, '--no-sandbox'], false)).toEqual([]);
  });

  it('takes no word for a switch that Chromium takes for none', () => {
    expect(
      strangeSwitches(['--proxy-server', 'word', '/tmp/file', '-', '--', '--proxy-server=x'], false),
    ).toEqual([]);
    expect(strangeSwitches(['reclight', '-', '--'], true)).toEqual([]);
  });
});
