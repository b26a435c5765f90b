// The floor of every figure: the least an Electron app with a tray icon and a window can be. What it does beyond that
// happens only where the environment asks for it, so that starting it and leaving it alone measures Electron itself.

/** @type {typeof import('electron')} */
const electron = module.require('electron');

const { app, BrowserWindow, globalShortcut, nativeImage, net, session, Tray } = electron;

const { BENCH_SERVER: server, BENCH_AUTHORIZATION: authorization, BENCH_LINE: line } = process.env;

/** @returns {Electron.NativeImage} a square of one colour */
function square() {
  return nativeImage.createFromBitmap(Buffer.alloc(16 * 16 * 4, 128), { width: 16, height: 16 });
}

/** Asks for a recording in the shortest way there is. (`net.fetch` stalls for seconds with a body, seen on 33.2.1.) */
function startRecording() {
  const request = net.request({ method: 'POST', url: `${server}/LiveRecordings`, priority: 'highest' });
  request.setHeader('Authorization', authorization ?? '');
  request.setHeader('Content-Type', 'application/json');
  request.on('response', (response) => response.on('data', () => undefined));
  request.end(JSON.stringify({ directoryNumber: line, mode: 0 }));
}

function serveBench() {
  globalShortcut.register('CommandOrControl+Alt+B', startRecording);
  // An <audio> element cannot carry credentials of its own.
  session.defaultSession.webRequest.onBeforeSendHeaders((details, callback) => {
    callback({ requestHeaders: { ...details.requestHeaders, Authorization: authorization ?? '' } });
  });
}

async function start() {
  await app.whenReady();
  const tray = new Tray(square());
  tray.setToolTip('Bare');
  const window = new BrowserWindow({
    width: 400,
    height: 640,
    title: 'Bare',
    autoHideMenuBar: true,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  tray.on('click', () => (window.isVisible() ? window.hide() : window.show()));
  app.on('window-all-closed', () => undefined);
  if (server !== undefined) serveBench();
  await window.loadFile(`${__dirname}/page.html`);
}

app.commandLine.appendSwitch('password-store', 'basic');
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
if (app.requestSingleInstanceLock()) void start();
else app.quit();
