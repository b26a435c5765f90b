/** What is asked of the frame a message comes from. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: object | null;
}

/** The privileged scheme from which the window is loaded. */
export const appScheme = 'app';

const appOrigin = `${appScheme}://reclight`;

/** The address of the window's page. */
const appPage = `${appOrigin}/index.html`;

/**
 * Where the window comes from: our own scheme, or the development server while developing.
 * @param developmentServer the address electron-vite gives, or null in a built app
 */
export function pageAddress(developmentServer: string | null): string {
  return developmentServer ?? appPage;
}

/**
 * Whether an address belongs to our own page.
 * @param address any URL
 * @param developmentServer see {@link pageAddress}
 */
export function isOurAddress(address: string, developmentServer: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, origin } = new URL(address);
  if (`${protocol}//${host}` === appOrigin) return true;
  return developmentServer !== null && origin === new URL(developmentServer).origin;
}

/**
 * Whether an address is that of our page itself, whatever its query and fragment: the other files of our origin are
 * none that a window could show.
 * @param address any URL
 * @param developmentServer see {@link pageAddress}
 */
export function isOurPage(address: string, developmentServer: string | null): boolean {
  if (!isOurAddress(address, developmentServer)) return false;
  return developmentServer !== null || new URL(address).pathname === new URL(appPage).pathname;
}

/**
 * Whether a message comes from the main frame of our page. A missing frame (one that navigated away or closed before
 * it could be asked) is refused.
 * @param frame the sender's
 * @param developmentServer see {@link pageAddress}
 */
export function isOurMainFrame(frame: SenderFrame | null, developmentServer: string | null): boolean {
  return frame !== null && frame.parent === null && isOurAddress(frame.url, developmentServer);
}
