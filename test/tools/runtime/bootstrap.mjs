// The one way into every npm script. It runs before anything is installed, so it and what it imports use nothing
// but Node itself; what needs packages is loaded after they are there.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (!supported) {
  console.error(`RecLight needs Node 20.19 or newer, or 22.12 or newer; this is ${process.versions.node}.`);
  console.error('Install a current Node from https://nodejs.org and run the command again.');
  process.exit(1);
}

const { isTask, runTask, taskNames } = await import('./tasks.mjs');
const [task, ...args] = process.argv.slice(2);

if (task === undefined || !isTask(task)) {
  console.error(`Unknown task "${task ?? ''}". There are: ${taskNames.join(', ')}.`);
  process.exit(2);
}

try {
  process.exitCode = await runTask(task, args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
