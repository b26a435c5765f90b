const { RECLIGHT_ELECTRON_DIST: electronDist, RECLIGHT_ELECTRON_VERSION: electronVersion } = process.env;

/**
 * How RecLight is packaged. The fuses close every door of Electron that RecLight does not use.
 * @type {import('electron-builder').Configuration}
 */
export default {
  appId: 'app.reclight',
  productName: 'RecLight',
  copyright: 'RecLight',
  directories: { output: 'dist', buildResources: 'resources' },
  files: [
    // Not all of out/: the demo's screens, the gallery and the documentation are there, too.
    'out/{main,preload,renderer}/**/*',
    'resources/icons/icon.png',
    'resources/icons/window.png',
    'resources/icons/tray/*',
    'package.json',
    // Headers with which keytar was compiled; nothing loads them.
    '!node_modules/node-addon-api',
  ],
  asar: true,
  // keytar's library is loaded by the OS, which cannot look into an archive.
  asarUnpack: ['**/*.node'],
  npmRebuild: false,
  ...(electronDist ? { electronDist } : {}),
  ...(electronVersion ? { electronVersion } : {}),
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: { target: ['dir'], category: 'Office', icon: 'resources/icons/icon.png' },
  win: { target: ['dir'], icon: 'resources/icons/icon.png' },
  mac: { target: ['dir'], category: 'public.app-category.business', icon: 'resources/icons/icon.png' },
};
