import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { connectDesktop } from '../desktop/client';
import { createProfile, fillSignIn, launch, removeProfile, status } from '../../e2e/harness/reclight';
import { until } from '../../e2e/harness/until';
import { root } from '../runtime/processes.mjs';
import { startSimulator } from '../simulator';
import { createTranscript } from './transcript';

/** Whether the demo runs on a private desktop, where nobody watches and it drives itself. */
const drivesItself = process.env['RECLIGHT_DESKTOP_SOCKET'] !== undefined;

const folder = join(root, 'out', 'demo');
const agent = { username: 'anna.rossi', password: 'Anna-101-demo', directoryNumber: '101' };

/** The demo for people: the form is filled in, the rest is theirs. */
async function forPeople(): Promise<void> {
  const simulator = await startSimulator({ recordings: 2_000, demoOffice: true });
  const reclight = await launch();
  const { say } = createTranscript();
  say(`A recording server runs at ${simulator.url}, with calls that come and go on line 101.`);
  await reclight.window.getByRole('form', { name: 'Sign in' }).waitFor();
  const form = reclight.window.getByRole('form', { name: 'Sign in' });
  await form.getByRole('textbox', { name: 'Server address' }).fill(simulator.url);
  await form.getByRole('textbox', { name: 'Username' }).fill(agent.username);
  await form.getByLabel('Password', { exact: true }).fill(agent.password);
  await form.getByRole('textbox', { name: 'Directory number' }).fill(agent.directoryNumber);
  say('Press Sign in, then Record while a call is connected, and double-click a recording to hear it.');
  say('Quit RecLight from its tray icon to end the demo.');
  await reclight.ended;
  await simulator.close();
  await removeProfile(reclight.profile);
}

/** The demo where nobody watches: every step is printed and its screen kept. */
async function byItself(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const simulator = await startSimulator({
    recordings: 2_000,
    demoOffice: { gapMs: [3_000, 9_000], callMs: [20_000, 60_000], recordedShare: 0.6 },
  });
  const desktop = await connectDesktop();
  const profile = await createProfile();
  const reclight = await launch({ profile });
  const { window } = reclight;
  const transcript = createTranscript();
  const { say } = transcript;
  let screens = 0;
  const keep = async (name: string): Promise<void> => {
    screens += 1;
    const file = `${String(screens).padStart(2, '0')}-${name}.png`;
    await writeFile(join(folder, file), await window.screenshot());
    say(`  screen: out/demo/${file}`);
  };
  const trayShows = async (wanted: RegExp): Promise<string> => {
    const item = await desktop.waitForTrayItem(({ tooltip }) => wanted.test(tooltip), { timeoutMs: 20_000 });
    say(`  tray: ${item.tooltip}`);
    return item.item;
  };
  const windowShows = (wanted: string) =>
    until(async () => (await status(window).textContent()) === wanted, `the window to show ${wanted}`);

  try {
    say(`A recording server runs at ${simulator.url}: three agents, 2,000 recordings.`);
    say('RecLight starts in a new profile.');
    await window.getByRole('form', { name: 'Sign in' }).waitFor();
    await keep('sign-in');

    say(`Signing in as ${agent.username} on line 101.`);
    await fillSignIn(window, { server: simulator.url, ...agent, remember: true });
    await windowShows('Not recording');
    await window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
    await trayShows(/Not recording/);
    await keep('not-recording');

    // From here on the demo decides who calls, or the office would get in its way.
    simulator.setDemoOffice(false);
    simulator.telephony.endAllCalls();
    say('Record without a call: the server refuses, and says why.');
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await window.getByRole('region', { name: 'Recorder' }).getByRole('alert').first().waitFor();
    await keep('refused');

    say('A call connects on line 101. Pressing Ctrl+Shift+F9.');
    const call = simulator.telephony.connectCall({
      directoryNumber: '101',
      remote: { phoneNumber: '+390244548866', firstName: 'Giulia', lastName: 'Marchetti' },
    });
    // A press so soon after the one before would count as its repetition.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await desktop.pressKeys('ctrl+shift+F9');
    await windowShows('Recording');
    const item = await trayShows(/Recording 00:0[3-9]/);
    await keep('recording');

    say('Stop, from the tray menu.');
    await desktop.clickTrayMenu(item, ['Stop']);
    await windowShows('Not recording');
    const saved = await desktop.waitForNotification(({ summary }) => summary === 'Recording saved', {
      timeoutMs: 30_000,
    });
    say(`  notice: ${saved.summary}. ${saved.body}`);
    simulator.telephony.endCall(call.id);

    say('A double-click plays the recording.');
    // The one that was saved just now, which the list has on top; not an older one of the same number.
    const row = window
      .getByRole('grid', { name: 'Recordings' })
      .getByRole('row', { name: /\+390244548866/ })
      .and(window.locator('[aria-rowindex="1"]'));
    await row.waitFor();
    await row.dblclick();
    await window.getByRole('region', { name: 'Player' }).waitFor();
    await until(
      () => window.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime > 1),
      'the sound',
    );
    await keep('playing');

    say('The network cable is pulled in the middle of a recording.');
    simulator.telephony.connectCall({ directoryNumber: '101', remote: { phoneNumber: '+442079460018' } });
    await desktop.pressKeys('ctrl+shift+F9');
    await windowShows('Recording');
    await simulator.faults.goDown();
    await windowShows('State unknown');
    await trayShows(/State unknown/);
    await keep('unknown');
    say('And plugged in again.');
    await simulator.faults.comeUp();
    await window.getByRole('button', { name: 'Try now' }).click();
    await windowShows('Recording');

    say('The same in the dark.');
    await reclight.app.evaluate(({ nativeTheme }) => {
      nativeTheme.themeSource = 'dark';
    });
    await until(
      () => window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches),
      'the window to turn dark',
    );
    await keep('dark');
    await desktop.pressKeys('ctrl+shift+F10');
    await windowShows('Not recording');

    say('The settings.');
    await window.getByRole('button', { name: 'Settings' }).click();
    await window.getByRole('tab', { name: 'Shortcuts' }).click();
    await window.getByRole('tabpanel', { name: 'Shortcuts' }).waitFor();
    await keep('settings');
    await window.keyboard.press('Escape');

    say('Quit, from the tray menu.');
    await desktop.clickTrayMenu(item, ['Quit RecLight']);
    await reclight.ended;
    say('Done.');
  } finally {
    await reclight.quit();
    desktop.dispose();
    await simulator.close();
    await removeProfile(profile);
    await writeFile(join(folder, 'transcript.txt'), transcript.text());
  }
}

await (drivesItself ? byItself() : forPeople());
