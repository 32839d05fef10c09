/**
 * Stops this process if the npm that started it was killed. npm cannot forward a `kill -9`, and a server that keeps
 * running would keep its port.
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
