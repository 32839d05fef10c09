/**
 * Ends this process in order when the npm that started it was killed: it cannot pass a `kill -9` on, and a server
 * that nobody knows of any more would keep its port.
 */
export function endWhenNpmIsGone() {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 100);
  watch.unref();
}
