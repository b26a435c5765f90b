import { createProbe, serveParent } from './probe';

// The client over Node's network stack, in a process of its own whose size can be measured.
serveParent(
  createProbe(undefined, () => process.memoryUsage.rss()),
  () => process.exit(0),
);
