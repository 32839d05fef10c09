/**
 * Stops this process when the npm that started it is killed. npm cannot forward a `kill -9`. Without this, the server would
 * continue to run, and would occupy its port.
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
