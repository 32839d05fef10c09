// A file of its own and not inline: the content security policy allows no inline script.
// The key and the attribute are Mantine's; the page's provider takes over from here.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // storage may be forbidden: then the system decides
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const scheme = wanted === "light" || wanted === "dark" ? wanted : system;
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();
