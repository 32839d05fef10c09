// This is a separate file, because the content security policy does not allow inline scripts.
// Mantine defines the key and the attribute. Mantine's provider takes over when the page has loaded.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // the browser may forbid storage, so the system's colour scheme is used
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const scheme = wanted === "light" || wanted === "dark" ? wanted : system;
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();
