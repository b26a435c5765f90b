// The smallest app that uses everything a private desktop offers. It says on stdout, a line of JSON each, what happens.

import {
  app,
  BrowserWindow,
  globalShortcut,
  Menu,
  nativeImage,
  Notification,
  protocol,
  Tray,
} from 'electron';

/** @param {Record<string, unknown>} event */
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

// Refused where the app's code runs after 'ready'.
protocol.registerSchemesAsPrivileged([{ scheme: 'fixture', privileges: { standard: true, secure: true } }]);

/**
 * @param {number} red
 * @returns {Electron.NativeImage} a square of one colour
 */
const square = (red) => {
  const pixels = Buffer.alloc(16 * 16 * 4);
  for (let at = 0; at < pixels.length; at += 4) pixels.set([0, 0, red, 255], at);
  return nativeImage.createFromBitmap(pixels, { width: 16, height: 16 });
};

app.on('window-all-closed', () => {});

app.whenReady().then(() => {
  const tray = new Tray(square(255));
  tray.setToolTip('Fixture at rest');
  tray.on('click', () => say({ event: 'tray-click' }));

  const notify = () => {
    const notification = new Notification({
      title: 'Fixture',
      body: 'Click me',
      actions: [{ type: 'button', text: 'More' }],
    });
    notification.on('click', () => say({ event: 'notification-click' }));
    notification.on('close', () => say({ event: 'notification-close' }));
    notification.show();
  };
  const change = () => {
    tray.setImage(square(10));
    tray.setToolTip('Fixture at work');
  };
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Change', click: change },
      { type: 'separator' },
      { label: 'Never', enabled: false },
      { label: 'More', submenu: [{ label: 'Notify', click: notify }] },
      { label: 'Ticked', type: 'checkbox', checked: true },
    ]),
  );
  const registered = globalShortcut.register('CommandOrControl+Alt+R', () => say({ event: 'shortcut' }));

  const window = new BrowserWindow({ width: 300, height: 200, title: 'Fixture window' });
  window.webContents.on('did-finish-load', () => {
    say({
      event: 'ready',
      registered,
      name: app.getName(),
      version: app.getVersion(),
      appPath: app.getAppPath(),
      userData: app.getPath('userData'),
      argv: process.argv.slice(1),
      electron: process.versions.electron,
    });
  });
  void window.loadURL('data:text/html,<title>Fixture window</title><h1>Fixture</h1>');
});
