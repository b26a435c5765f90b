import type { DesktopClient } from '../../tools/desktop/client';
import { connectDesktop } from '../../tools/desktop/client';
import type { Simulator, SimulatorOptions } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import type { LaunchOptions, RecLight, SignInFields } from './reclight';
import { createProfile, launch, removeProfile, signIn } from './reclight';

/** Everything an end-to-end test needs: a server, a desktop, a RecLight in a profile of its own. */
export interface Harness {
  readonly simulator: Simulator;
  readonly desktop: DesktopClient;
  readonly reclight: RecLight;
  /** Anna's account on line 101; the password stays in memory. */
  readonly anna: SignInFields;
  /** Quits RecLight and starts it anew in the same profile. */
  restart(options?: LaunchOptions): Promise<RecLight>;
  close(): Promise<void>;
}

/** How a harness is set. */
export interface HarnessOptions {
  readonly simulator?: SimulatorOptions;
  readonly launch?: LaunchOptions;
  /** Whether Anna is signed in when the test begins; yes unless told otherwise. */
  readonly signedIn?: boolean;
}

/** Whether the server is to be as awkward as the documents allow: `npm run test:awkward`. */
const awkward = process.env['RECLIGHT_AWKWARD'] === '1';

/**
 * Sets the harness.
 *
 * @throws what failed of it; nothing is left running then, which would hold keys and focus of the tests after it
 */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const simulator = await startSimulator({ recordings: 120, awkward, ...options.simulator });
  const desktop = await connectDesktop();
  const profile = await createProfile();
  let reclight: RecLight | undefined;
  const close = async (): Promise<void> => {
    await reclight?.quit();
    desktop.dispose();
    await simulator.close();
    await removeProfile(profile);
  };
  const anna: SignInFields = {
    server: simulator.url,
    username: 'anna.rossi',
    password: 'Anna-101-demo',
    remember: false,
    directoryNumber: '101',
  };
  try {
    let running = (reclight = await launch({ profile, ...options.launch }));
    if (options.signedIn !== false) await signIn(running.window, anna);
    return {
      simulator,
      desktop,
      get reclight() {
        return running;
      },
      anna,
      restart: async (again) => {
        await running.quit();
        running = reclight = await launch({ profile, ...again });
        return running;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
