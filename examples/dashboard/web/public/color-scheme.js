// This is a separate file, because the content security policy does not allow inline scripts.
// Mantine defines the storage key and the attribute. When the page has loaded, Mantine's provider sets the attribute.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // if the browser forbids storage, the system's colour scheme is used
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const scheme = wanted === "light" || wanted === "dark" ? wanted : system;
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();
