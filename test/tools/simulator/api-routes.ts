/** The functions of the API, and `other` for everything that is none. */
export type RouteName =
  | 'start'
  | 'stopById'
  | 'stopByLine'
  | 'stopMine'
  | 'active'
  | 'pause'
  | 'resume'
  | 'list'
  | 'detail'
  | 'media'
  | 'upload'
  | 'login'
  | 'other';

export type Generation = 2024 | 2025;

/** One function of the API as the router knows it. */
export interface ApiRoute {
  readonly name: Exclude<RouteName, 'login' | 'other'>;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `fw/Apps/Recorder/WebAPI`. */
  readonly path: string;
  readonly since: Generation;
}

/** Where the API lies below the server's address. */
export const apiPath = '/fw/Apps/Recorder/WebAPI';

export const apiRoutes: readonly ApiRoute[] = [
  { name: 'start', method: 'POST', path: '/LiveRecordings', since: 2024 },
  { name: 'active', method: 'GET', path: '/LiveRecordings', since: 2024 },
  { name: 'stopByLine', method: 'DELETE', path: '/LiveRecordings', since: 2024 },
  { name: 'stopMine', method: 'DELETE', path: '/LiveRecordings/Mine', since: 2025 },
  { name: 'pause', method: 'PUT', path: '/LiveRecordings/Pause', since: 2025 },
  { name: 'resume', method: 'PUT', path: '/LiveRecordings/Resume', since: 2025 },
  { name: 'stopById', method: 'DELETE', path: '/LiveRecordings/:id', since: 2024 },
  { name: 'pause', method: 'PUT', path: '/LiveRecordings/:id/Pause', since: 2025 },
  { name: 'resume', method: 'PUT', path: '/LiveRecordings/:id/Resume', since: 2025 },
  { name: 'list', method: 'GET', path: '/Recordings', since: 2024 },
  { name: 'upload', method: 'POST', path: '/Recordings', since: 2024 },
  { name: 'detail', method: 'GET', path: '/Recordings/:id', since: 2024 },
  { name: 'media', method: 'GET', path: '/Recordings/:id/Media', since: 2024 },
];

/**
 * Names the function a request means, also where this generation does not have it: a test wants to count the
 * pauses that were tried on an old server.
 */
export function routeNameOf(method: string, path: string, prefix: string): RouteName {
  if (path.toLowerCase() === loginPath) return 'login';
  const below = belowApi(path, prefix);
  if (below === null) return 'other';
  return (
    apiRoutes.find((route) => route.method === method && matchesPath(route.path, below))?.name ?? 'other'
  );
}

/** The methods this generation has at a path; none where the path itself is unknown. */
export function allowedMethods(path: string, prefix: string, generation: Generation): readonly string[] {
  const below = belowApi(path, prefix);
  if (below === null) return [];
  const fitting = apiRoutes.filter((route) => route.since <= generation && matchesPath(route.path, below));
  return [...new Set(fitting.map((route) => route.method))];
}

/** Where the log-in page lies. */
export const loginPath = '/login.aspx';

function belowApi(path: string, prefix: string): string | null {
  const base = `${prefix}${apiPath}/`.toLowerCase();
  return path.toLowerCase().startsWith(base) ? path.slice(base.length - 1) : null;
}

function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return false;
  return wanted.every((part, index) => {
    const actual = given[index] ?? '';
    return part.startsWith(':') ? actual !== '' : part.toLowerCase() === actual.toLowerCase();
  });
}
