// node test/tools/desktop/run.mjs [--keep-home] [--no-tray] [--no-keyring] [--no-notifications] -- command [argument…]
//
// Runs a command inside a private desktop and ends with its exit code.

import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main');
process.exitCode = await main(process.argv.slice(2));
